// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How much memory clustering takes beside its input and its labels.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>
#include <lloyd/segment.hpp>

#include "instances.hpp"
#include "sample_images.hpp"

namespace {

std::atomic<std::ptrdiff_t> in_use{0};
std::atomic<std::ptrdiff_t> peak{0};

/// The size of each block stands in front of it.
void* grant(std::size_t size, std::size_t alignment) {
    const std::size_t front = std::max(alignment, alignof(std::max_align_t));
    const std::size_t whole = (size + front + alignment - 1) / alignment * alignment;
    auto* block = static_cast<unsigned char*>(std::aligned_alloc(alignment, whole));
    if (block == nullptr) throw std::bad_alloc();
    *reinterpret_cast<std::size_t*>(block) = size;
    const auto now = in_use += static_cast<std::ptrdiff_t>(size);
    for (auto seen = peak.load(); seen < now && !peak.compare_exchange_weak(seen, now);) {
    }
    return block + front;
}

void take_back(void* memory, std::size_t alignment) {
    if (memory == nullptr) return;
    auto* block = static_cast<unsigned char*>(memory) - std::max(alignment, alignof(std::max_align_t));
    in_use -= static_cast<std::ptrdiff_t>(*reinterpret_cast<std::size_t*>(block));
    std::free(block);
}

constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return grant(size, usual); }
void* operator new[](std::size_t size) { return grant(size, usual); }
void operator delete(void* block) noexcept { take_back(block, usual); }
void operator delete[](void* block) noexcept { take_back(block, usual); }
void operator delete(void* block, std::size_t) noexcept { take_back(block, usual); }
void operator delete[](void* block, std::size_t) noexcept { take_back(block, usual); }
void* operator new(std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void* operator new[](std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void operator delete(void* block, std::align_val_t to) noexcept { take_back(block, static_cast<std::size_t>(to)); }
void operator delete[](void* block, std::align_val_t to) noexcept { take_back(block, static_cast<std::size_t>(to)); }
void operator delete(void* block, std::size_t, std::align_val_t to) noexcept {
    take_back(block, static_cast<std::size_t>(to));
}
void operator delete[](void* block, std::size_t, std::align_val_t to) noexcept {
    take_back(block, static_cast<std::size_t>(to));
}

namespace {

using u8 = std::uint8_t;

/// The most that was in use during a call, beside what was before.
template <class Call>
std::ptrdiff_t peak_of(const Call& call) {
    const std::ptrdiff_t before = in_use;
    peak = before;
    call();
    return peak - before;
}

/// Every pixel another colour, up to 2^24 of them.
lloyd::image<u8, 3> many_colors(std::ptrdiff_t width, std::ptrdiff_t height) {
    lloyd::image<u8, 3> photo(width, height);
    for (std::ptrdiff_t i = 0; i < photo.size(); ++i) {
        const auto mixed = static_cast<std::uint32_t>(i) * 0x9e3779b1U;
        for (unsigned c = 0; c < 3; ++c) photo(i % width, i / width)[c] = static_cast<u8>(mixed >> (8 + 8 * c));
    }
    return photo;
}

TEST_CASE("takes 64 MiB for each thread and 48 bytes for each distinct colour, and no more") {
    for (const std::ptrdiff_t width : {20, 300, 1500})
        for (const int threads : {1, 2}) {
            CAPTURE(width);
            CAPTURE(threads);
            const auto photo = many_colors(width, width);
            const auto colors = lloyd::color_histogram(photo).size();
            const auto allowed = threads * (std::ptrdiff_t{64} << 20) + 48 * colors;
            const lloyd::kmeans_options options{.attempts = 2, .max_iterations = 2, .threads = threads};
            CHECK(peak_of([&] { lloyd::kmeans(photo, 8, options); }) <= allowed + 4 * photo.size());
            CHECK(peak_of([&] { lloyd::segment(photo, 8, {.kmeans = options}); }) <= allowed + photo.size());
            CHECK(peak_of([&] { lloyd::elbow_sweep(photo, {.k_max = 4, .kmeans = options}); }) <= allowed);
        }
}

TEST_CASE("keeps no table once a histogram is built") {
    const auto photo = many_colors(900, 700);
    lloyd::color_histogram<3> colors;
    const std::ptrdiff_t before = in_use;
    colors.add(photo);
    const auto pages = 2 * 2 * static_cast<std::ptrdiff_t>(lloyd::detail::large_page);  // whole ones, for two arrays
    CHECK(in_use - before <= 11 * colors.size() + pages);
}

}  // namespace
