// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Pictures between pages that cannot be read, on pages that cannot be written: who strays from a view crashes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <lloyd/image.hpp>

#include "sample_points.hpp"

namespace samples {

struct unmap {
    std::size_t size = 0;
    void operator()(std::byte* memory) const { munmap(memory, size); }
};

/// Runs of pages, with a closed page before the first, between two, and behind the last.
class fenced_pages {
public:
    fenced_pages(std::ptrdiff_t runs, std::ptrdiff_t bytes) : runs_(runs) {
        const auto page = static_cast<std::ptrdiff_t>(sysconf(_SC_PAGESIZE));
        open_ = (bytes + page - 1) / page * page;
        pitch_ = open_ + page;
        const auto size = static_cast<std::size_t>(runs * pitch_ + page);
        void* const memory = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(memory != MAP_FAILED);
        memory_ = {static_cast<std::byte*>(memory), unmap{size}};
        first_ = memory_.get() + page;
        protect(PROT_READ | PROT_WRITE);
    }

    /// The first byte of the first run; how many bytes are open; how many lie from one run to the next.
    std::byte* first() const { return first_; }
    std::ptrdiff_t open() const { return open_; }
    std::ptrdiff_t pitch() const { return pitch_; }

    void protect(int protection) const {
        for (std::ptrdiff_t i = 0; i < runs_; ++i)
            REQUIRE(mprotect(first_ + i * pitch_, static_cast<std::size_t>(open_), protection) == 0);
    }

private:
    std::unique_ptr<std::byte, unmap> memory_;
    std::byte* first_;
    std::ptrdiff_t runs_, open_, pitch_;
};

/// A picture between fences, and a view that finds it there.
template <class T, std::size_t C>
struct fenced_picture {
    std::string name;
    fenced_pages pages;
    lloyd::image_view<T, C> view;
};

/// The picture back to back, padded and bottom-up, against the fence before it and against the one behind; and with
/// fences around every row, so that the padding cannot be read either. For a const T the pages cannot be written.
template <class T, std::size_t C>
std::vector<fenced_picture<T, C>> fenced(const lloyd::image<std::remove_const_t<T>, C>& picture) {
    constexpr auto bytes = static_cast<std::ptrdiff_t>(sizeof(T));
    const auto height = picture.height(), row = picture.width() * picture.channels();
    std::vector<fenced_picture<T, C>> all;
    const auto place = [&](std::string name, fenced_pages pages, std::ptrdiff_t start, std::ptrdiff_t stride) {
        auto* const top = reinterpret_cast<std::remove_const_t<T>*>(pages.first()) + start;
        for (std::ptrdiff_t y = 0; y < height; ++y) std::ranges::copy(picture.row(y), top + y * stride);
        if (std::is_const_v<T>) pages.protect(PROT_READ);
        const lloyd::image_view<T> view(top, picture.width(), height, picture.channels(), stride);
        all.push_back({std::move(name), std::move(pages), lloyd::image_view<T, C>(view)});
    };
    for (const std::ptrdiff_t padding : {0, 5})
        for (const bool behind : {false, true})
            for (const bool bottom_up : {false, true}) {
                const auto stride = row + padding, last = (height - 1) * stride;
                fenced_pages pages(1, (last + row) * bytes);
                const auto start = behind ? pages.open() / bytes - last - row : 0;
                const auto name =
                    std::string(padding == 0 ? "back to back" : "padded") + (bottom_up ? ", bottom-up" : "");
                place(name, std::move(pages), bottom_up ? start + last : start, bottom_up ? -stride : stride);
            }
    for (const bool behind : {false, true}) {
        fenced_pages pages(height, row * bytes);
        const auto start = behind ? pages.open() / bytes - row : 0, stride = pages.pitch() / bytes;
        place("row by row", std::move(pages), start, stride);
    }
    return all;
}

/// Whether `work` makes the same of the picture wherever it lies, at every CPU level.
template <class T, std::size_t C, class Work>
void check_between_fences(const lloyd::image<T, C>& picture, const Work& work) {
    CAPTURE(picture.width());
    CAPTURE(picture.height());
    const auto expected = work(lloyd::image_view<const T, C>(picture));
    for (const auto& place : fenced<const T>(picture))
        for (const auto level : cpu_levels()) {
            const cpu_limit limit(level);
            CAPTURE(place.name);
            CHECK(same_pixels(work(place.view), expected));
        }
}

}  // namespace samples
