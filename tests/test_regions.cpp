// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Connected regions, and small ones merged.

#include <lloyd/regions.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "reference_regions.hpp"
#include "sample_labels.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::connectivity;
using lloyd::cut;
using lloyd::find_regions;
using lloyd::image;
using lloyd::image_view;
using lloyd::merge_small_regions;
using drawing_type = std::vector<std::string>;

constexpr auto both = {connectivity::four, connectivity::eight};

bool same_regions(const lloyd::region_map& a, const lloyd::region_map& b) {
    const auto values = [](const lloyd::region& r) {
        return std::tuple(r.label, r.area, r.x, r.y, r.width, r.height, r.center_x, r.center_y);
    };
    return same_pixels(a.ids, b.ids) &&
           std::ranges::equal(a.regions, b.regions, [&](auto& l, auto& r) { return values(l) == values(r); });
}

/// Calls body(labels) for random maps of many sizes, few labels, speckled and smooth, with −1 and without.
template <class Body>
void for_random_maps(dice& random, std::ptrdiff_t longest, int count, const Body& body) {
    for (int i = 0; i < count; ++i) {
        const auto width = 1 + random.below(longest), height = 1 + random.below(longest);
        CAPTURE(i);
        body(random_labels(random, width, height, 2 + random.below(4), 1 + random.below(8), random.below(3) == 0));
    }
}

// Worked by hand

TEST_CASE("numbers regions by their first pixels, and measures them") {
    const auto labels = drawn({"00122",  //
                               "01122", "00022", ".1112"});
    const auto map = find_regions(labels);
    CHECK(drawing(map.ids) == drawing_type{"00122",  //
                                           "01122", "00022", ".3332"});
    REQUIRE(map.regions.size() == 4);
    const auto& zero = map.regions[0];
    CHECK((zero.label == 0 && zero.area == 6 && zero.x == 0 && zero.y == 0 && zero.width == 3 && zero.height == 3));
    CHECK((zero.center_x == 4.0 / 6 && zero.center_y == 7.0 / 6));
    CHECK((map.regions[1].label == 1 && map.regions[1].area == 3 && map.regions[1].x == 1));
    CHECK((map.regions[3].label == 1 && map.regions[3].area == 3 && map.regions[3].y == 3));
}

TEST_CASE("connects by sides, or by corners too") {
    const auto labels = drawn({"010",  //
                               "101", "010"});
    CHECK(drawing(find_regions(labels).ids) == drawing_type{"012", "345", "678"});
    CHECK(drawing(find_regions(labels, connectivity::eight).ids) == drawing_type{"010", "101", "010"});
    CHECK(find_regions(labels, connectivity::eight).regions[1].area == 4);
}

TEST_CASE("joins what meets in later rows only") {
    const auto labels = drawn({"01010101",  //
                               "01110001", "00000101", "01111101", "00000001"});
    const auto map = find_regions(labels);
    CHECK(drawing(map.ids) == drawing_type{"01210304",  //
                                           "01110004", "00000504", "05555504", "00000004"});
}

TEST_CASE("gives small regions to the neighbour with which they share most sides") {
    CHECK(drawing(merge_small_regions(drawn({"00011",  //
                                             "02011", "00011"}),
                                      2)) == drawing_type{"00011", "00011", "00011"});
    // two sides with either: the larger one takes it
    CHECK(drawing(merge_small_regions(drawn({"0011111",  //
                                             "0021111", "0001111"}),
                                      2)) == drawing_type{"0011111", "0011111", "0001111"});
    // as many sides, as large: the lower number
    CHECK(drawing(merge_small_regions(drawn({"1121"}), 2)) == drawing_type{"1111"});
    CHECK(drawing(merge_small_regions(drawn({"11200"}), 2)) == drawing_type{"11100"});
}

TEST_CASE("a merged region joins all neighbours that have its new label, and counts as one") {
    // the twos go to the ones above, which so meet those below: 13 pixels, where 5 would be too few
    CHECK(drawing(merge_small_regions(drawn({"0000000",  //
                                             "0111110", "0022200", "0111110", "0000000"}),
                                      6)) == drawing_type{"0000000", "0111110", "0011100", "0111110", "0000000"});
    // the two becomes a one, and so joins the ones that it meets by a corner: 5 pixels, where 2 would be too few
    const auto chain = drawn({"112..",  //
                              "...11", "..000"});
    CHECK(drawing(merge_small_regions(chain, 3, connectivity::eight)) == drawing_type{"111..", "...11", "..000"});
    CHECK(drawing(merge_small_regions(chain, 3)) == drawing_type{"111..", "...00", "..000"});
}

TEST_CASE("goes on until no smaller region has a neighbour") {
    CHECK(drawing(merge_small_regions(drawn({"0123456789"}), 10)) == drawing_type{"1111111111"});
    CHECK(drawing(merge_small_regions(drawn({"01.2"}), 100)) == drawing_type{"11.2"});
    CHECK(drawing(merge_small_regions(drawn({"012"}), 0)) == drawing_type{"012"});
    CHECK(drawing(merge_small_regions(drawn({"012"}), 1)) == drawing_type{"012"});
    const auto most = std::numeric_limits<std::ptrdiff_t>::max();
    CHECK(drawing(merge_small_regions(drawn({"0110", "2222"}), most)) == drawing_type{"2222", "2222"});
}

TEST_CASE("cuts out what alpha hides") {
    image<u8, 1> labels(4, 1), alpha(4, 1);
    std::ranges::copy(std::vector<u8>{3, 255, 7, 0}, labels.data());
    std::ranges::copy(std::vector<u8>{128, 255, 127, 0}, alpha.data());
    CHECK(elements_of(cut(labels, alpha)) == std::vector<std::int32_t>{3, 255, -1, -1});
    CHECK(elements_of(cut(drawn({"4.56"}), alpha)) == std::vector<std::int32_t>{4, -1, -1, -1});
}

// Oracles

TEST_CASE("finds the regions that flooding finds, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for_random_maps(random, 150, 40, [](const label_map& labels) {
            for (const auto connected : both)
                REQUIRE(same_regions(find_regions(labels, connected), reference::find_regions(labels, connected)));
        });
        for (std::ptrdiff_t width = 1; width <= 200; ++width) {
            const auto labels = random_labels(random, width, 5, 2, 1 + random.below(8), false);
            CAPTURE(width);
            for (const auto connected : both) {
                const auto expected = reference::find_regions(labels, connected);
                REQUIRE(same_regions(find_regions(labels, connected), expected));
                REQUIRE(same_regions(find_regions(in_bytes(labels), connected), expected));
            }
        }
    }
}

TEST_CASE("merges as the loop does that merges one region at a time") {
    dice random;
    CAPTURE(random.seed);
    for_random_maps(random, 12, 1500, [&](const label_map& labels) {
        const auto min_area = random.below(3) == 0 ? random.below(200) : random.below(12);
        CAPTURE(min_area);
        CAPTURE(drawing(labels));
        for (const auto connected : both) {
            const auto expected = reference::merge_small_regions(label_map(labels), min_area, connected);
            REQUIRE(drawing(merge_small_regions(labels, min_area, connected)) == drawing(expected));
            if (std::ranges::min(labels.elements()) >= 0)
                REQUIRE(drawing(merge_small_regions(in_bytes(labels), min_area, connected)) == drawing(expected));
        }
    });
}

/// Neighbours are collected in batches of 512.
TEST_CASE("merges rows of more regions than are collected at once") {
    dice random;
    CAPTURE(random.seed);
    const auto labels = random_labels(random, 600, 2, 50, 1, false);
    const auto expected = reference::merge_small_regions(label_map(labels), 2, connectivity::four);
    CHECK(same_pixels(merge_small_regions(labels, 2), expected));
}

TEST_CASE("finds and merges the regions of hostile maps as defined") {
    for (const std::ptrdiff_t side : {2, 7, 16})
        for (const auto& map : hostile_maps(side)) {
            CAPTURE(map.name);
            CAPTURE(side);
            const auto labels = map_of(side, side, map.label);
            for (const auto connected : both) {
                CHECK(same_regions(find_regions(labels, connected), reference::find_regions(labels, connected)));
                for (const std::ptrdiff_t min_area : {2, 5, 1000})
                    CHECK(same_pixels(merge_small_regions(labels, min_area, connected),
                                      reference::merge_small_regions(label_map(labels), min_area, connected)));
            }
        }
}

// Laws

TEST_CASE("no region is left that is too small and has a neighbour, and no label comes from nowhere") {
    dice random;
    CAPTURE(random.seed);
    for_random_maps(random, 90, 40, [&](const label_map& labels) {
        for (const auto connected : both) {
            const auto merged = merge_small_regions(labels, 20, connected);
            const auto map = reference::find_regions(merged, connected);
            for (std::size_t i = 0; i < map.regions.size(); ++i)
                if (map.regions[i].area < 20) REQUIRE(!reference::host_label(map, static_cast<std::int32_t>(i)));
            for (std::size_t i = 0; i < labels.elements().size(); ++i)
                REQUIRE((labels.elements()[i] < 0) == (merged.elements()[i] < 0));
            REQUIRE(same_pixels(merge_small_regions(merged, 20, connected), merged));
        }
    });
}

TEST_CASE("transposed maps have the transposed regions") {
    dice random;
    CAPTURE(random.seed);
    for_random_maps(random, 60, 30, [&](const label_map& labels) {
        for (const auto connected : both) {
            const auto map = find_regions(labels, connected);
            const auto other = find_regions(transposed(labels), connected);
            REQUIRE(map.regions.size() == other.regions.size());
            const auto ids = transposed(other.ids);
            for (std::size_t i = 0; i < ids.elements().size(); ++i) {
                const auto id = map.ids.elements()[i];
                if (id < 0) continue;
                const auto& here = map.regions[static_cast<std::size_t>(id)];
                const auto& there = other.regions[static_cast<std::size_t>(ids.elements()[i])];
                REQUIRE((here.label == there.label && here.area == there.area && here.center_x == there.center_y));
            }
        }
    });
}

TEST_CASE("layouts and types of labels change nothing") {
    dice random;
    CAPTURE(random.seed);
    const auto labels = random_labels(random, 77, 40, 4, 5, false);
    const auto bytes = in_bytes(labels);
    const auto map = find_regions(labels, connectivity::eight);
    const auto merged = merge_small_regions(labels, 9);
    const auto check = [&](const auto& picture, auto filler) {
        for (const auto& place : layouts(picture, filler)) {
            CAPTURE(place.name);
            using label = std::remove_cvref_t<decltype(filler)>;
            CHECK(same_regions(find_regions(place.view, connectivity::eight), map));
            CHECK(same_regions(find_regions(image_view<const label>(place.view), connectivity::eight), map));
            CHECK(std::ranges::equal(merge_small_regions(place.view, 9).elements(), merged.elements()));
            CHECK(elements_of(cut(place.view, bytes)) == elements_of(cut(labels, bytes)));
        }
    };
    check(labels, std::int32_t{-5});
    check(bytes, u8{1});
}

TEST_CASE("nothing has no regions, of the same size") {
    for (const auto& [width, height] : {std::pair<std::ptrdiff_t, std::ptrdiff_t>{0, 0}, {0, 5}, {5, 0}}) {
        const auto map = find_regions(image<u8, 1>(width, height));
        CHECK((map.ids.width() == width && map.ids.height() == height && map.regions.empty()));
        const auto merged = merge_small_regions(label_map(width, height), 5);
        CHECK((merged.width() == width && merged.height() == height));
        CHECK(cut(image<u8, 1>(width, height), image<u8, 1>(width, height)).width() == width);
    }
    CHECK(find_regions(image<u8>()).regions.empty());
    CHECK(find_regions(drawn({"...", "..."})).regions.empty());
}

TEST_CASE("takes the largest label there is, and labels that differ in one bit") {
    auto labels = drawn({"0011"});
    labels(0, 0)[0] = std::numeric_limits<std::int32_t>::max();
    for (int bit = 0; bit < 31; ++bit) {
        labels(1, 0)[0] = labels(0, 0)[0] ^ (1 << bit);
        CHECK(find_regions(labels).regions.size() == 3);
    }
    CHECK(find_regions(labels).regions[0].label == std::numeric_limits<std::int32_t>::max());
}

// Refusals

TEST_CASE("refuses what is no map of labels") {
    const std::string names[] = {"find_regions", "merge_small_regions", "cut"};
    const auto refusals = [](const auto& labels, const image_view<const u8>& alpha) {
        return drawing_type{refusal([&] { find_regions(labels); }), refusal([&] { merge_small_regions(labels, 3); }),
                            refusal([&] { cut(labels, alpha); })};
    };
    const image<u8, 1> alpha(2, 2);
    const auto check = [&](const auto& labels, const std::string& message) {
        const auto said = refusals(labels, alpha);
        for (std::size_t i = 0; i < 3; ++i) CHECK(said[i] == names[i] + ": " + message);
    };
    check(image<u8, 3>(2, 2), "labels has 3 channels, but must have 1");
    check(image<std::int32_t>(2, 2, 2), "labels has 2 channels, but must have 1");
    for (std::ptrdiff_t at = 0; at < 4; ++at)
        for (const std::int32_t bad : {-2, -1000, std::numeric_limits<std::int32_t>::min()}) {
            label_map labels(2, 2);
            labels.data()[at] = bad;
            check(labels, "a label is " + std::to_string(bad) + ", but must be at least -1");
        }
    const u8 one = 0;
    const auto side = std::ptrdiff_t{1} << 31;
    check(image_view<const u8, 1>(&one, side, 1),
          "labels has 2147483648x1 pixels, but a side may have at most 2147483647");
    check(image_view<const u8, 1>(&one, 1, side, 0),
          "labels has 1x2147483648 pixels, but a side may have at most 2147483647");
}

TEST_CASE("refuses areas, connectivities and alpha that cannot be meant") {
    const image<u8, 1> labels(3, 2);
    CHECK(refusal([&] { merge_small_regions(labels, -1); }) ==
          "merge_small_regions: min_area is -1, but must be at least 0");
    const auto none = static_cast<connectivity>(7);
    CHECK(refusal([&] { find_regions(labels, none); }) ==
          "find_regions: connected is 7, but must be connectivity::four or connectivity::eight");
    CHECK(refusal([&] { merge_small_regions(labels, 2, none); }) ==
          "merge_small_regions: connected is 7, but must be connectivity::four or connectivity::eight");
    CHECK(refusal([&] { cut(labels, image<u8, 1>(2, 3)); }) == "cut: alpha has 2x3 pixels, but labels has 3x2");
    CHECK(refusal([&] { cut(labels, image<u8>(3, 2, 4)); }) == "cut: alpha has 4 channels, but must have 1");
}

}  // namespace
