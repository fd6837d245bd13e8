// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Tables of colours: the codes of pixels, counting by parts, and the way back from colours to labels, at every CPU level.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <doctest/doctest.h>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/histogram/color_counter.hpp>
#include <lloyd/detail/histogram/color_listing.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::color_histogram;
using lloyd::image;
using lloyd::image_view;
using namespace lloyd::detail;

/// Memory that ends where nothing may be read, as far as the system can be asked for it.
class guarded_bytes {
public:
    explicit guarded_bytes(std::size_t size) : size_(size) {
#if defined(__linux__)
        page_ = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        whole_ = (size + page_ - 1) / page_ * page_ + page_;
        start_ = static_cast<u8*>(mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        REQUIRE(start_ != MAP_FAILED);
        REQUIRE(mprotect(start_ + whole_ - page_, page_, PROT_NONE) == 0);
#else
        start_ = new u8[size];
        whole_ = size;
#endif
    }
    guarded_bytes(const guarded_bytes&) = delete;
    guarded_bytes& operator=(const guarded_bytes&) = delete;
    ~guarded_bytes() {
#if defined(__linux__)
        munmap(start_, whole_);
#else
        delete[] start_;
#endif
    }
    u8* data() const { return start_ + whole_ - page_ - size_; }

private:
    std::size_t size_, page_ = 0, whole_;
    u8* start_;
};

template <std::uint32_t Bits>
void check_kernel(dice& random) {
    std::vector<u8> pixels(3 * codes_at_once + 4);
    for (auto& element : pixels) element = static_cast<u8>(random.below(256));
    for (std::ptrdiff_t count = 1; count <= codes_at_once; count += count < 70 ? 1 : 31) {
        CAPTURE(count);
        std::vector<std::uint32_t> codes(codes_at_once + 16, 77);
        run_kernel<code_kernel<Bits>>(pixels.data(), count, codes.data());
        for (std::ptrdiff_t i = 0; i < count; ++i)
            REQUIRE(codes[static_cast<std::size_t>(i)] == color_code<3, Bits>(pixels.data() + 3 * i));
        REQUIRE(std::all_of(codes.begin() + (count + 15) / 16 * 16, codes.end(), [](auto c) { return c == 77; }));
    }
}

template <std::size_t C, std::uint32_t Bits>
void check_codes_differ() {
    std::set<std::uint32_t> seen;
    constexpr std::uint32_t step = C == 3 ? 61 : 1;
    std::size_t colors = 0;
    for (std::uint32_t morton = 0; morton < 1u << 8 * C; morton += step, ++colors) {
        u8 color[C];
        morton_color<C>(morton, color);
        const auto code = color_code<C, Bits>(color);
        REQUIRE(cell_of(code) < 1u << Bits);
        REQUIRE(block_of(code) < 1u << (8 * C - Bits));
        seen.insert(code);
    }
    CHECK(seen.size() == colors);
}

TEST_CASE("each colour has its own code, whatever the size of a block") {
    check_codes_differ<1, 8>();
    check_codes_differ<2, 9>();
    check_codes_differ<2, 12>();
    check_codes_differ<3, 9>();
    check_codes_differ<3, 12>();
}

TEST_CASE("code_kernel gives each pixel the code of its colour and writes no more than whole sixteens") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        check_kernel<9>(random);
        check_kernel<12>(random);
    }
}

/// Counts one pixel after another; colours by their Morton code.
template <std::size_t C>
std::map<std::uint32_t, double> naive_counts(image_view<const u8, C> photo) {
    std::map<std::uint32_t, double> counts;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) ++counts[morton_code<C>(photo(x, y).data())];
    return counts;
}

/// Counts, then labels each pixel with the number of its colour, or that divided with rest.
template <class Label, std::size_t C>
void check_there_and_back(image_view<const u8, C> photo, std::int32_t most_labels) {
    const color_histogram<C> colors(photo);
    const auto expected = naive_counts(photo);
    REQUIRE(colors.size() == static_cast<std::ptrdiff_t>(expected.size()));
    std::map<std::uint32_t, std::int32_t> number_of;
    for (const auto& [code, count] : expected) {
        const auto i = static_cast<std::int32_t>(number_of.size());
        REQUIRE(morton_code<C>(colors.colors()(i, 0).data()) == code);
        REQUIRE(colors.counts()[static_cast<std::size_t>(i)] == count);
        number_of[code] = i % most_labels;
    }
    std::vector<std::int32_t> numbers;
    for (std::int32_t i = 0; i < colors.size(); ++i) numbers.push_back(i % most_labels);
    thread_team team(1, 1);
    const auto labels = label_pixels<Label, C>(photo, colors.colors(), numbers, numbers.size(), {}, team);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            REQUIRE(labels(x, y)[0] == static_cast<Label>(number_of[morton_code<C>(photo(x, y).data())]));
}

template <std::size_t C>
void check_rows_at_the_end_of_memory(dice& random) {
    for (std::ptrdiff_t width = 1; width <= 70; ++width) {
        CAPTURE(width);
        const auto row = width * static_cast<std::ptrdiff_t>(C), stride = row + 5;
        const guarded_bytes memory(static_cast<std::size_t>(stride + row));
        for (std::ptrdiff_t i = 0; i < stride + row; ++i) memory.data()[i] = static_cast<u8>(random.below(4) * 85);
        check_there_and_back<std::int32_t, C>(image_view<const u8, C>(memory.data(), width, 2, stride), 1000);
        check_there_and_back<u8, C>(image_view<const u8, C>(memory.data() + stride, width, 2, -stride), 3);
    }
}

TEST_CASE("rows of any width are read to their last byte and no farther") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        check_rows_at_the_end_of_memory<1>(random);
        check_rows_at_the_end_of_memory<2>(random);
        check_rows_at_the_end_of_memory<3>(random);
        for (const std::ptrdiff_t width : {255, 256, 257, 271, 272, 273, 511, 512, 530}) {
            CAPTURE(width);
            const guarded_bytes memory(static_cast<std::size_t>(3 * width));
            for (std::ptrdiff_t i = 0; i < 3 * width; ++i) memory.data()[i] = static_cast<u8>(random.below(3) * 16);
            check_there_and_back<std::int32_t, 3>(image_view<const u8, 3>(memory.data(), width, 1), 1000);
        }
    }
}

TEST_CASE("cells that become full between other pixels are counted to the last one") {
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::ptrdiff_t width : {34, 255, 256, 257, 1024, 1026, 5000}) {
            CAPTURE(width);
            lloyd::image<u8, 3> photo(width, 1);
            for (std::ptrdiff_t x = 0; x < width; ++x) photo(x, 0)[0] = static_cast<u8>(x % 7 == 0 ? x / 7 : 0);
            check_there_and_back<u8, 3>(photo, 3);
        }
    }
}

TEST_CASE("pixels get the same labels whatever number of threads makes the pages of cubes") {
    // All colours of 64 cubes but for 100; the first half are in cubes of one label.
    lloyd::image<u8, 3> photo(32 * 32 * 32 - 100, 1);
    for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
        morton_color<3>(static_cast<std::uint32_t>(x + 100), photo(x, 0).data());
    std::vector<std::int32_t> numbers;
    for (std::int32_t i = 0; i < photo.width(); ++i) numbers.push_back(i < photo.width() / 2 ? i / 8192 : i % 5);
    const image_view<const u8, 3> colors(photo);
    for (const int threads : {1, 2, 3, 7}) {
        CAPTURE(threads);
        thread_team team(threads, 100);
        CHECK(std::ranges::equal(label_pixels<std::int32_t, 3>(colors, colors, numbers, 5, {}, team).elements(),
                                 numbers));
        CHECK(std::ranges::equal(label_pixels<std::int32_t, 3>(colors, colors, numbers, 300, {}, team).elements(),
                                 numbers));
    }
}

/// Labels by comparing pixels with centers are those by looking colours up.
void check_nearest_pixels(image_view<const u8, 3> photo, const std::vector<double>& centers) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size() / 3);
    const color_histogram<3> colors(photo);
    const auto of_colors = lloyd::assign(colors.colors(), lloyd::image_view<const double, 3>(centers.data(), k, 1));
    thread_team team(1, 1);
    const auto label = [&](auto kind, std::span<const double> known) {
        return label_pixels<decltype(kind), 3>(photo, colors.colors(), of_colors.elements(),
                                               static_cast<std::size_t>(k), known, team);
    };
    CHECK(same_pixels(label(std::int32_t{}, centers), label(std::int32_t{}, {})));
    CHECK(same_pixels(label(u8{}, centers), label(u8{}, {})));
}

TEST_CASE("pixels compared with few centers get the labels of their colours, ties and all") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::ptrdiff_t width : {1, 3, 15, 16, 17, 70, 255, 256, 257, 300, 600})
            for (const std::ptrdiff_t levels : {3, 256})
                for (const int k : {1, 2, 3, 4, 5}) {
                    CAPTURE(width);
                    CAPTURE(k);
                    const guarded_bytes memory(static_cast<std::size_t>(3 * width));
                    for (std::ptrdiff_t i = 0; i < 3 * width; ++i)
                        memory.data()[i] = static_cast<u8>(random.below(levels));
                    std::vector<double> centers;  // of few levels: many ties
                    for (int i = 0; i < 3 * k; ++i)
                        centers.push_back(levels == 3 ? static_cast<double>(random.below(5)) / 2
                                                      : static_cast<double>(random.below(255 << 16)) / 0x1p16);
                    check_nearest_pixels(image_view<const u8, 3>(memory.data(), width, 1), centers);
                }
    }
}

TEST_CASE("pixels as good as halfway between two centers go to the nearer one") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (int round = 0; round < 200; ++round) {
            lloyd::image<u8, 3> pixel(1, 1);
            std::vector<double> centers(6);
            for (std::size_t c = 0; c < 3; ++c) {
                const auto x = 1 + random.below(254), reach = std::min(x, 255 - x);
                const auto apart = static_cast<double>(random.below(2 * reach + 1) - reach);
                pixel(0, 0)[c] = static_cast<u8>(x);
                centers[c] = static_cast<double>(x) + apart;
                centers[3 + c] = static_cast<double>(x) - apart;
            }
            double& moved = centers[static_cast<std::size_t>(random.below(6))];
            moved += moved < 128 ? 0x1p-16 : -0x1p-16;
            check_nearest_pixels(pixel, centers);
        }
    }
}

template <std::size_t C>
color_histogram<C> alone(const image<u8, C>& photo) {
    return color_histogram<C>(photo);
}

template <std::size_t C>
void check_listing(const counted_parts<C, u8>& counted, const color_histogram<C>& expected, thread_team& team) {
    const color_listing<C, u8> listing(counted.counters, team);
    REQUIRE(listing.distinct() == expected.size());
    image<u8, C> colors(listing.distinct(), 1);
    std::vector<double> counts(static_cast<std::size_t>(listing.distinct()));
    listing.write(colors.data(), counts.data(), team);
    CHECK(same_pixels(colors, expected.colors()));
    CHECK(std::ranges::equal(counts, expected.counts()));
}

template <std::size_t C>
void check_parts(const image<u8, C>& photo) {
    const auto expected = alone(photo);
    for (const int threads : {1, 2, 7}) {
        CAPTURE(threads);
        thread_team team(threads, 100);
        check_listing(count_colors<u8>(image_view<const u8, C>(photo), {}, team, 500), expected, team);
    }
}

TEST_CASE("parts of an image counted by threads are the image counted by one") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        check_parts(photo_like<3>(random, 300, 200));
        check_parts(random_image<3>(random, 301, 107));
        check_parts(random_image<2>(random, 301, 107));
        check_parts(random_image<3>(random, 700, 500, 2));  // 43,750 of each colour, carried over in each part
        check_parts(random_image<1>(random, 100, 1400, 2));
        check_parts(image<u8, 3>(256, 7));  // 256 in each part, 1792 in all
        check_parts(image<u8, 3>(255, 7));
        check_parts(image<u8, 1>(600, 500));
    }
}

TEST_CASE("a histogram of many pixels is the same for every CPU level and number of threads") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 2100, 2100, 40);
    const auto expected = alone(photo);
    CHECK(expected.size() == 64000);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        thread_team team(2, 100);
        check_listing(count_colors<u8>(image_view<const u8, 3>(photo), {}, team), expected, team);
    }
}

}  // namespace
