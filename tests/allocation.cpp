// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Memory that runs out, at every place where the library asks for some.

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

#include <doctest/doctest.h>

#include <lloyd/segment.hpp>

#include "instances.hpp"
#include "sample_points.hpp"

namespace {

constexpr long no_limit = std::numeric_limits<long>::max() / 2;
std::atomic<long> left{no_limit};  ///< requests that will be granted
std::atomic<long> alive{0};        ///< blocks not yet given back

void* grant(std::size_t size) {
    if (left.fetch_sub(1) <= 0) throw std::bad_alloc();
    void* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc();
    ++alive;
    return block;
}

void* grant(std::size_t size, std::size_t alignment) {
    if (left.fetch_sub(1) <= 0) throw std::bad_alloc();
    void* block = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (block == nullptr) throw std::bad_alloc();
    ++alive;
    return block;
}

void take_back(void* block) {
    if (block != nullptr) --alive;
    std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return grant(size); }
void* operator new[](std::size_t size) { return grant(size); }
void operator delete(void* block) noexcept { take_back(block); }
void operator delete[](void* block) noexcept { take_back(block); }
void operator delete(void* block, std::size_t) noexcept { take_back(block); }
void operator delete[](void* block, std::size_t) noexcept { take_back(block); }
void* operator new(std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void* operator new[](std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void operator delete(void* block, std::align_val_t) noexcept { take_back(block); }
void operator delete[](void* block, std::align_val_t) noexcept { take_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { take_back(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { take_back(block); }

namespace {

using namespace samples;

struct outcome {
    long refused = 0;
    bool same = true;
    bool leaked = false;
};

/// Runs `work` with 0, 1, 2, … requests granted, until it needs no more. It must throw std::bad_alloc or return what
/// it returns otherwise, and give everything back.
template <class Work, class Same>
outcome run_short_of_memory(const Work& work, const Same& same) {
    const auto expected = work();
    outcome result;
    for (long granted = 0;; ++granted) {
        const long before = alive;
        bool enough = false;
        {
            left = granted;
            try {
                const auto found = work();
                enough = left >= 0;
                left = no_limit;
                result.same = result.same && same(found, expected);
            } catch (const std::bad_alloc&) {
                left = no_limit;
                ++result.refused;
            }
        }
        result.leaked = result.leaked || alive != before;
        if (enough) return result;
    }
}

template <class Image>
void check_kmeans(const Image& data, lloyd::kmeans_options options) {
    for (const int threads : {1, 3}) {
        options.threads = threads;
        const auto outcome = run_short_of_memory([&] { return lloyd::kmeans(data, 4, options); },
                                                 [](const auto& a, const auto& b) { return difference(a, b).empty(); });
        CHECK(outcome.refused > 10);
        CHECK(outcome.same);
        CHECK_FALSE(outcome.leaked);
    }
}

TEST_CASE("kmeans passes on bad_alloc, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto floats = noise<float>(random, 2100, 2, 1);
    const std::vector<double> weights(2100, 0.3);
    check_kmeans(floats, {.max_iterations = 2, .weights = weights});
    check_kmeans(floats, {.attempts = 4, .max_iterations = 1});
    check_kmeans(random_image<3>(random, 60, 40), {.max_iterations = 2});
    check_kmeans(random_image<4>(random, 60, 40), {.init = lloyd::seeding::random, .max_iterations = 2});
}

TEST_CASE("assign passes on bad_alloc, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 60, 40);
    const auto centers = noise<double>(random, 5, 3, 255);
    const auto outcome = run_short_of_memory([&] { return lloyd::assign(photo, centers); },
                                             [](const auto& a, const auto& b) { return same_pixels(a, b); });
    CHECK(outcome.refused > 5);
    CHECK(outcome.same);
    CHECK_FALSE(outcome.leaked);
}

TEST_CASE("large images pass on bad_alloc and give back what they took") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 600, 600, 10);
    const lloyd::image<u8, 3> palette(4, 1);
    const auto outcome = run_short_of_memory(
        [&] {
            auto labels = lloyd::assign(photo, lloyd::image<double>(4, 1, 3));
            auto moved = std::move(labels);
            labels = moved;
            return lloyd::recolor(labels, palette);
        },
        [](const auto& a, const auto& b) { return same_pixels(a, b); });
    const lloyd::image<u8, 3> large(1000, 1000);
    CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % lloyd::detail::large_page == 0);
    CHECK(outcome.refused > 8);
    CHECK(outcome.same);
    CHECK_FALSE(outcome.leaked);
    const long living = alive;
    const auto histogram_outcome =
        run_short_of_memory([&] { return lloyd::color_histogram<3>(photo); },
                            [](const auto& a, const auto& b) { return same_pixels(a.colors(), b.colors()); });
    CHECK(histogram_outcome.refused >= 5);
    CHECK(histogram_outcome.same);
    CHECK(alive == living);
}

}  // namespace
