// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The tree of colours holds every colour once, and its boxes know their colours.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include "sample_images.hpp"

namespace {

using namespace samples;
using namespace lloyd::detail;

std::array<int, 3> coordinates(packed_color packed) {
    std::array<int, 3> result{};
    unpack(packed, result.data());
    return result;
}

/// Walks the tree in order and adds up what is below each box.
struct walker {
    const color_tree& tree;
    std::vector<packed_color> colors{};
    std::vector<double> weights{};

    struct found {
        double weight = 0, square = 0;
        std::array<double, 3> moment{};
        std::array<int, 3> low{255, 255, 255}, high{};
    };

    found visit(std::size_t level, std::uint32_t index) {
        const color_box& box = tree.box(level, index);
        CHECK(box.first_color == colors.size());
        found sum;
        if (box.is_leaf)
            read_leaf(box, sum);
        else
            for (std::uint32_t l = 0; l < box.count; ++l) add(sum, visit(level + 1, box.first * max_siblings + l));
        CHECK(box.color_count == colors.size() - box.first_color);
        CHECK(box.sums.weight == sum.weight);
        CHECK(box.sums.square == sum.square);
        const auto& bounds = tree.levels[level].bounds[index / max_siblings];
        const auto low = coordinates(bounds.low[index % max_siblings]);
        const auto extent = coordinates(bounds.extent[index % max_siblings]);
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(box.sums.moment[c] == sum.moment[c]);
            CHECK(low[c] == sum.low[c]);
            CHECK(low[c] + extent[c] == sum.high[c]);
        }
        return sum;
    }

    void read_leaf(const color_box& leaf, found& sum) {
        int max_coordinate = 0;
        for (std::uint32_t i = 0; i < leaf.count * octet_size; ++i) {
            const auto& octet = tree.octets[leaf.first + i / octet_size];
            const packed_color color = leaf.corner + octet.coordinates[i % octet_size];
            const auto x = coordinates(color);
            for (const int local : coordinates(octet.coordinates[i % octet_size]))
                max_coordinate = std::max(max_coordinate, local);
            if (i >= leaf.color_count) {
                CHECK(octet.weights[i % octet_size] == 0);
                CHECK(color == colors.back());
                continue;
            }
            colors.push_back(color);
            weights.push_back(octet.weights[i % octet_size]);
            found one{weights.back(), 0, {}, x, x};
            for (std::size_t c = 0; c < 3; ++c) {
                one.moment[c] = one.weight * x[c];
                one.square += one.weight * x[c] * x[c];
            }
            add(sum, one);
        }
        CHECK(leaf.max_coordinate == max_coordinate);
    }

    static void add(found& sum, const found& part) {
        sum.weight += part.weight;
        sum.square += part.square;
        for (std::size_t c = 0; c < 3; ++c) {
            sum.moment[c] += part.moment[c];
            sum.low[c] = std::min(sum.low[c], part.low[c]);
            sum.high[c] = std::max(sum.high[c], part.high[c]);
        }
    }
};

template <std::size_t C>
void check_tree(const lloyd::color_histogram<C>& histogram) {
    lloyd::detail::thread_team team(3, 100);
    const auto tree = build_color_tree(histogram.colors(), histogram.counts(), team);
    walker walk{tree};
    walk.visit(0, 0);
    REQUIRE(walk.colors.size() == static_cast<std::size_t>(histogram.size()));
    for (std::size_t i = 0; i < walk.colors.size(); ++i) {
        REQUIRE(walk.colors[i] == pack(histogram.colors()(static_cast<std::ptrdiff_t>(i), 0).data(), C));
        REQUIRE(walk.weights[i] == histogram.counts()[i]);
    }
}

TEST_CASE("holds every colour once, in order, with sums and bounds that are its own") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t n : {1, 7, 8, 9, 383, 384, 385, 3000, 40000})
        for (const std::ptrdiff_t levels : {1, 6, 40, 256}) {
            CAPTURE(n);
            CAPTURE(levels);
            check_tree(lloyd::color_histogram<1>(random_image<1>(random, n, 1, levels)));
            check_tree(lloyd::color_histogram<2>(random_image<2>(random, n, 1, levels)));
            check_tree(lloyd::color_histogram<3>(random_image<3>(random, n, 1, levels)));
        }
}

TEST_CASE("divides a colour space without gaps down to its smallest cubes") {
    lloyd::image<u8, 3> block(64 * 64, 64);
    for (std::ptrdiff_t y = 0; y < 64; ++y)
        for (std::ptrdiff_t x = 0; x < 64 * 64; ++x) {
            block(x, y)[0] = static_cast<u8>(x / 64 + 190);
            block(x, y)[1] = static_cast<u8>(x % 64);
            block(x, y)[2] = static_cast<u8>(y + 97);
        }
    check_tree(lloyd::color_histogram<3>(block));
    lloyd::image<u8, 2> plane(256, 256);
    for (std::ptrdiff_t y = 0; y < 256; ++y)
        for (std::ptrdiff_t x = 0; x < 256; ++x) {
            plane(x, y)[0] = static_cast<u8>(x);
            plane(x, y)[1] = static_cast<u8>(y);
        }
    check_tree(lloyd::color_histogram<2>(plane));
    lloyd::image<u8, 1> line(256, 1);
    for (std::ptrdiff_t x = 0; x < 256; ++x) line(x, 0)[0] = static_cast<u8>(x);
    check_tree(lloyd::color_histogram<1>(line));
}

TEST_CASE("takes weights of 31 bits, as far as a double holds their squared distances") {
    constexpr double most = 0x1p31 - 1;  // 21 of them times 3 · 255² stay below 2^53, 22 do not
    CHECK(color_tree::fit(std::vector<double>(21, most)));
    CHECK_FALSE(color_tree::fit(std::vector<double>(22, most)));
    CHECK_FALSE(color_tree::fit(std::vector<double>(1, most + 1)));
}

}  // namespace
