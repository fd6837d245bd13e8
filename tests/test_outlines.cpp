// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Borders between labels, simplified, and as closed outlines.

#include <lloyd/outlines.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/regions.hpp>

#include "reference_regions.hpp"
#include "sample_labels.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::border;
using lloyd::corner;
using lloyd::find_borders;
using lloyd::image;
using lloyd::image_view;
using lloyd::outlines;
using lloyd::simplify;
using corners = std::vector<corner>;

bool same_borders(const std::vector<border>& a, const std::vector<border>& b) {
    return std::ranges::equal(a, b, [](const border& l, const border& r) {
        return l.left == r.left && l.right == r.right && l.closed == r.closed && l.corners == r.corners;
    });
}

/// Random maps of many sizes, speckled and smooth, with −1 and without; and hostile ones.
template <class Body>
void for_maps(dice& random, std::ptrdiff_t longest, int count, const Body& body) {
    for (int i = 0; i < count; ++i) {
        const auto width = 1 + random.below(longest), height = 1 + random.below(longest);
        CAPTURE(i);
        body(random_labels(random, width, height, 2 + random.below(4), 1 + random.below(12), random.below(3) == 0));
    }
    for (const std::ptrdiff_t side : {2, 9, 16})
        for (const auto& map : hostile_maps(side)) {
            CAPTURE(map.name);
            body(map_of(side, side, map.label));
        }
}

// Worked by hand

TEST_CASE("a border between two labels is closed, starts at its top left and goes down") {
    const auto borders = find_borders(drawn({"000",  //
                                             "010", "000"}));
    REQUIRE(borders.size() == 5);
    // the sides of the picture end at its corners
    CHECK((borders[0].left == 0 && borders[0].right == -1 && !borders[0].closed));
    CHECK(borders[0].corners == corners{{0, 0}, {0, 3}});
    CHECK((borders[1].left == -1 && borders[1].right == 0));
    CHECK(borders[1].corners == corners{{0, 0}, {3, 0}});
    CHECK(borders[2].corners == corners{{3, 0}, {3, 3}});
    CHECK(borders[3].corners == corners{{0, 3}, {3, 3}});
    CHECK((borders[4].left == 1 && borders[4].right == 0 && borders[4].closed));
    CHECK(borders[4].corners == corners{{1, 1}, {1, 2}, {2, 2}, {2, 1}});
}

TEST_CASE("outlines run with the label on the left, holes the other way round") {
    const auto shapes = outlines(find_borders(drawn({"000",  //
                                                     "010", "000"})));
    REQUIRE(shapes.size() == 2);
    CHECK((shapes[0].label == 0 && shapes[0].rings.size() == 2));
    CHECK(shapes[0].rings[0] == corners{{0, 0}, {0, 3}, {3, 3}, {3, 0}});
    CHECK(shapes[0].rings[1] == corners{{1, 1}, {2, 1}, {2, 2}, {1, 2}});
    CHECK((shapes[1].label == 1 && shapes[1].rings.size() == 1));
    CHECK(shapes[1].rings[0] == corners{{1, 1}, {1, 2}, {2, 2}, {2, 1}});
}

TEST_CASE("borders end where more than two labels meet, and where one meets itself by a corner") {
    const auto three = find_borders(drawn({"01",  //
                                           "02"}));
    const auto ends_at = [](const border& one, corner at) {
        return one.corners.front() == at || one.corners.back() == at;
    };
    CHECK(std::ranges::count_if(three, [&](auto& one) { return ends_at(one, {1, 1}); }) == 3);
    CHECK(three.size() == 10);  // with four corners of the picture, and three places where a border meets its sides

    const auto crossed = find_borders(drawn({"1000",  //
                                             "0100", "0010"}));
    std::vector<border> ends;
    for (const auto& one : crossed)
        if (one.corners.front() == corner{1, 1} || one.corners.back() == corner{1, 1}) ends.push_back(one);
    REQUIRE(ends.size() == 4);
    CHECK(ends[0].corners == corners{{1, 0}, {1, 1}});
    CHECK(ends[1].corners == corners{{0, 1}, {1, 1}});
    CHECK(ends[2].corners == corners{{1, 1}, {1, 2}, {2, 2}});
    CHECK(ends[3].corners == corners{{1, 1}, {2, 1}, {2, 2}});
    CHECK((ends[2].left == 1 && ends[2].right == 0 && ends[3].left == 0 && ends[3].right == 1));
}

TEST_CASE("a closed border that hangs on a corner starts there") {
    const auto borders = find_borders(drawn({"00000",  //
                                             "01110", "01010", "01120", "00000"}));
    const auto closed = std::ranges::find_if(borders, [](const border& one) { return one.closed; });
    REQUIRE(closed != borders.end());
    // around the zero in the middle, from the corner that it shares with the two
    CHECK(closed->corners == corners{{3, 3}, {3, 2}, {2, 2}, {2, 3}});
    CHECK((closed->left == 0 && closed->right == 1));

    const auto alone = find_borders(drawn({"0.",  //
                                           ".."}));
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].corners == corners{{0, 0}, {0, 1}, {1, 1}, {1, 0}});
    CHECK((alone[0].left == 0 && alone[0].right == -1 && alone[0].closed));
    const auto far = find_borders(drawn({"..",  //
                                         ".0"}));
    REQUIRE(far.size() == 1);
    CHECK(far[0].corners == corners{{2, 2}, {2, 1}, {1, 1}, {1, 2}});
}

TEST_CASE("draws an 8 x 5 map as its shapes") {
    const auto shapes = outlines(find_borders(drawn({"00000111",  //
                                                     "02200111", "02200011", "00000001", "33333333"})));
    REQUIRE(shapes.size() == 4);
    CHECK(shapes[0].rings == std::vector<corners>{{{0, 0}, {0, 4}, {7, 4}, {7, 3}, {6, 3}, {6, 2}, {5, 2}, {5, 0}},
                                                  {{1, 1}, {3, 1}, {3, 3}, {1, 3}}});
    CHECK(shapes[1].rings == std::vector<corners>{{{5, 0}, {5, 2}, {6, 2}, {6, 3}, {7, 3}, {7, 4}, {8, 4}, {8, 0}}});
    CHECK(shapes[2].rings == std::vector<corners>{{{1, 1}, {1, 3}, {3, 3}, {3, 1}}});
    CHECK(shapes[3].rings == std::vector<corners>{{{0, 4}, {0, 5}, {8, 5}, {8, 4}, {7, 4}}});
}

TEST_CASE("pixels that meet by a corner have rings of their own") {
    const auto shapes = outlines(find_borders(drawn({"10",  //
                                                     "01"})));
    REQUIRE(shapes.size() == 2);
    for (const auto& shape : shapes) {
        REQUIRE(shape.rings.size() == 2);
        for (const auto& ring : shape.rings) CHECK(ring.size() == 4);
    }
    CHECK(shapes[1].rings[0] == corners{{0, 0}, {0, 1}, {1, 1}, {1, 0}});
}

border line(corners along) { return {.left = 0, .right = 1, .closed = false, .corners = std::move(along)}; }
border loop(corners along) { return {.left = 0, .right = 1, .closed = true, .corners = std::move(along)}; }
corners simple(const border& one, double tolerance) { return simplify(std::vector{one}, tolerance).front().corners; }

TEST_CASE("simplify drops corners that are near the line which is left") {
    const auto stairs = line({{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}, {3, 3}});
    CHECK(simple(stairs, 0.7) == corners{{0, 0}, {2, 1}, {3, 3}});  // √½ is above 0.7
    CHECK(simple(stairs, 0.71) == corners{{0, 0}, {3, 3}});
    CHECK(simple(stairs, 0) == stairs.corners);
    const auto bump = line({{0, 0}, {4, 0}, {4, 1}, {8, 1}, {8, 0}, {12, 0}});
    CHECK(simple(bump, 0.99) == corners{{0, 0}, {4, 1}, {12, 0}});  // 0.970 is near, too
    CHECK(simple(bump, 1) == corners{{0, 0}, {12, 0}});             // exactly the tolerance is near
}

TEST_CASE("of equally far corners simplify keeps the one nearest the middle, then the first") {
    const auto mirrored = line({{0, 0}, {0, 4}, {9, 4}, {9, 0}});
    CHECK(simple(mirrored, 3.99) == corners{{0, 0}, {0, 4}, {9, 0}});
    const auto peaks = line({{0, 0}, {1, 5}, {2, 0}, {3, 5}, {4, 0}, {5, 5}, {6, 0}});
    // the peak in the middle; then each of the other two is more than 3 from the line to it
    CHECK(simple(peaks, 4.9)[1] == corner{3, 5});
}

TEST_CASE("measures to the segment, not to the line beyond its ends") {
    const auto hook = line({{0, 0}, {8, 0}, {8, 1}, {3, 1}});
    CHECK(simple(hook, 4) == corners{{0, 0}, {8, 0}, {3, 1}});  // 2.5 from the line, but 5.1 from its end
    CHECK(simple(hook, 5.1) == corners{{0, 0}, {3, 1}});
}

TEST_CASE("a closed border that is left with two corners keeps the next farthest") {
    const auto square = loop({{1, 1}, {1, 2}, {2, 2}, {2, 1}});
    CHECK(simple(square, 1) == corners{{1, 1}, {1, 2}, {2, 2}});
    CHECK(simple(square, 2) == corners{{1, 1}});
    const auto wide = loop({{0, 0}, {0, 1}, {5, 1}, {5, 2}, {9, 2}, {9, 0}});
    CHECK(simple(wide, 3) == corners{{0, 0}, {9, 2}, {9, 0}});
}

TEST_CASE("outlines that become thinner than the tolerance vanish, and their labels stay") {
    const auto shapes = outlines(simplify(find_borders(drawn({"000",  //
                                                              "010", "000"})),
                                          2));
    REQUIRE(shapes.size() == 2);
    CHECK((shapes[0].rings.size() == 1 && shapes[1].label == 1 && shapes[1].rings.empty()));
    // both borders of 2 become the same line, there and back
    const auto thin = outlines(simplify(find_borders(drawn({"0000",  //
                                                            "0221", "1111"})),
                                        1));
    CHECK((thin.size() == 3 && thin[2].label == 2 && thin[2].rings.empty()));
}

// Laws

using edge = std::array<std::int32_t, 4>;  ///< of length 1, from its upper or left end

/// The labels on both sides of each edge of borders, that on the left of who goes down or to the right first; an edge that
/// is there twice, or lies askew, fails.
std::map<edge, std::array<std::int32_t, 2>> edges_of(const std::vector<border>& borders) {
    std::map<edge, std::array<std::int32_t, 2>> edges;
    for (const auto& one : borders)
        for (std::size_t i = 0; i + (one.closed ? 0 : 1) < one.corners.size(); ++i) {
            auto a = one.corners[i];
            const auto b = one.corners[(i + 1) % one.corners.size()];
            REQUIRE((a.x == b.x) != (a.y == b.y));
            while (!(a == b)) {
                const auto to = corner{a.x + (b.x > a.x) - (b.x < a.x), a.y + (b.y > a.y) - (b.y < a.y)};
                const bool back = to.x < a.x || to.y < a.y;
                const edge here = back ? edge{to.x, to.y, a.x, a.y} : edge{a.x, a.y, to.x, to.y};
                const auto sides = back ? std::array{one.right, one.left} : std::array{one.left, one.right};
                REQUIRE(edges.emplace(here, sides).second);
                a = to;
            }
        }
    return edges;
}

/// The same, from the labels.
std::map<edge, std::array<std::int32_t, 2>> edges_of(const label_map& labels) {
    std::map<edge, std::array<std::int32_t, 2>> edges;
    for (std::int32_t y = 0; y <= labels.height(); ++y)
        for (std::int32_t x = 0; x <= labels.width(); ++x) {
            const auto here = reference::label_at(labels, x, y), left = reference::label_at(labels, x - 1, y),
                       above = reference::label_at(labels, x, y - 1);
            if (here != left) edges[{x, y, x, y + 1}] = {here, left};
            if (here != above) edges[{x, y, x + 1, y}] = {above, here};
        }
    return edges;
}

/// How many edges meet at each corner.
std::map<std::pair<std::int32_t, std::int32_t>, int> degrees_of(const label_map& labels) {
    std::map<std::pair<std::int32_t, std::int32_t>, int> degrees;
    for (const auto& [one, sides] : edges_of(labels)) {
        ++degrees[{one[0], one[1]}];
        ++degrees[{one[2], one[3]}];
    }
    return degrees;
}

/// Whether corners are turns, and ends are where more than two edges meet or at the corners of the picture.
void check_ends(const label_map& labels, const std::vector<border>& borders) {
    auto degrees = degrees_of(labels);
    const auto is_end = [&](corner at) {
        const bool is_picture_corner = (at.x == 0 || at.x == labels.width()) && (at.y == 0 || at.y == labels.height());
        return degrees[{at.x, at.y}] > 2 || is_picture_corner;
    };
    for (const auto& one : borders) {
        const auto count = one.corners.size();
        for (std::size_t i = 1; i + (one.closed ? 0 : 1) < count; ++i) {
            REQUIRE(!is_end(one.corners[i]));
            const auto before = one.corners[i - 1], after = one.corners[(i + 1) % count];
            REQUIRE(((before.x == one.corners[i].x) != (after.x == one.corners[i].x)));
        }
        const auto first = one.corners.front();
        if (!one.closed) {
            REQUIRE((is_end(first) && is_end(one.corners.back()) && !(first == one.corners.back())));
        } else if (!is_end(first)) {
            for (const auto at : one.corners) REQUIRE(std::pair(first.y, first.x) <= std::pair(at.y, at.x));
            REQUIRE(one.corners[1].y > first.y);
        }
    }
}

TEST_CASE("every edge between two labels lies on one border, which ends where others do, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        const auto check = [](const label_map& labels) {
            const auto borders = find_borders(labels);
            REQUIRE(edges_of(borders) == edges_of(labels));
            check_ends(labels, borders);
            if (std::ranges::min(labels.elements()) >= 0)
                REQUIRE(same_borders(find_borders(in_bytes(labels)), borders));
        };
        for_maps(random, 24, 120, check);
        for (std::ptrdiff_t width = 1; width <= 140; ++width)
            check(random_labels(random, width, 3, 3, 1 + random.below(9), width % 3 == 0));
    }
}

TEST_CASE("filled outlines give the labels back, pixel for pixel") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 14, 300, [](const label_map& labels) {
        CAPTURE(drawing(labels));
        const auto shapes = outlines(find_borders(labels));
        REQUIRE(same_pixels(reference::filled(shapes, labels.width(), labels.height()), labels));
        REQUIRE(std::ranges::is_sorted(shapes, {}, &lloyd::outline::label));
    });
}

double area_of(const corners& ring) {
    double twice = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto a = ring[i], b = ring[(i + 1) % ring.size()];
        twice += static_cast<double>(a.y) * b.x - static_cast<double>(a.x) * b.y;
    }
    return twice / 2;  // positive for counter-clockwise as seen on the screen
}

TEST_CASE("each region has one outer ring, counter-clockwise, and rings hold as many pixels as the label") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 20, 80, [](const label_map& labels) {
        std::map<std::int32_t, double> areas;
        std::map<std::int32_t, std::ptrdiff_t> outer, regions;
        for (const auto& shape : outlines(find_borders(labels)))
            for (const auto& ring : shape.rings) {
                areas[shape.label] += area_of(ring);
                if (area_of(ring) > 0) ++outer[shape.label];
            }
        for (const auto& region : lloyd::find_regions(labels).regions) {
            areas[region.label] -= static_cast<double>(region.area);
            ++regions[region.label];
        }
        for (const auto& [label, area] : areas) REQUIRE(area == 0);
        REQUIRE(outer == regions);
    });
}

TEST_CASE("coordinates may be large: moved borders have moved outlines") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 20, 60, [&](const label_map& labels) {
        auto borders = find_borders(labels);
        const auto here = outlines(borders);
        const auto scale = static_cast<std::int32_t>(1 + random.below(1 << 25));
        const auto x = static_cast<std::int32_t>(random.below(1 << 30)), y = (1 << 30) - x;
        const auto move = [&](corners& all) {
            for (auto& one : all) one = {x + scale * one.x, y + scale * one.y};
        };
        for (auto& one : borders) move(one.corners);
        const auto there = outlines(borders);
        REQUIRE(here.size() == there.size());
        for (std::size_t i = 0; i < here.size(); ++i) {
            auto rings = here[i].rings;
            for (auto& ring : rings) move(ring);
            REQUIRE((there[i].label == here[i].label && there[i].rings == rings));
        }
    });
}

TEST_CASE("outlines of labels far apart are in rising order, too") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 20, 60, [](label_map labels) {
        for (auto& label : labels.elements())
            if (label > 0) label = std::numeric_limits<std::int32_t>::max() - 65'536 * label;
        const auto shapes = outlines(find_borders(labels));
        REQUIRE(std::ranges::is_sorted(shapes, {}, &lloyd::outline::label));
        REQUIRE(same_pixels(reference::filled(shapes, labels.width(), labels.height()), labels));
    });
}

TEST_CASE("a map of the numbers of regions has a shape for each region") {
    dice random;
    CAPTURE(random.seed);
    const auto labels = random_labels(random, 40, 30, 3, 10, false);
    const auto map = lloyd::find_regions(labels);
    const auto shapes = outlines(find_borders(map.ids));
    REQUIRE(shapes.size() == map.regions.size());
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        double area = 0;
        for (const auto& ring : shapes[i].rings) area += area_of(ring);
        REQUIRE(area == static_cast<double>(map.regions[i].area));
    }
}

TEST_CASE("simplified outlines cover every pixel by an odd number of labels") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 24, 150, [&](const label_map& labels) {
        if (std::ranges::min(labels.elements()) < 0) return;
        const double tolerance = static_cast<double>(random.below(9)) / 2;
        CAPTURE(tolerance);
        const auto shapes = outlines(simplify(find_borders(labels), tolerance));
        for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
            for (std::ptrdiff_t x = 0; x < labels.width(); ++x)
                REQUIRE(std::ranges::count_if(shapes, [&](auto& one) { return reference::covers(one, x, y); }) % 2 ==
                        1);
    });
}

/// The distance of a corner from a segment.
double distance(corner p, corner a, corner b) {
    const double dx = b.x - a.x, dy = b.y - a.y, x = p.x - a.x, y = p.y - a.y, length = dx * dx + dy * dy;
    const double t = length == 0 ? 0 : std::clamp((x * dx + y * dy) / length, 0.0, 1.0);
    return std::hypot(x - t * dx, y - t * dy);
}

TEST_CASE("simplify keeps what recursion keeps, and leaves nothing out that is beyond the tolerance") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 40, 120, [&](const label_map& labels) {
        const auto borders = find_borders(labels);
        const double tolerance = static_cast<double>(random.below(13)) / 4;
        CAPTURE(tolerance);
        const auto simple = simplify(borders, tolerance);
        REQUIRE(simple.size() == borders.size());
        for (std::size_t i = 0; i < borders.size(); ++i) {
            const auto& [left, right, closed, before] = borders[i];
            const auto& after = simple[i].corners;
            REQUIRE((simple[i].left == left && simple[i].right == right && simple[i].closed == closed));
            auto whole = before;
            if (closed) whole.push_back(before.front());
            std::vector<bool> kept(whole.size());
            kept.front() = kept.back() = true;
            reference::mark_kept(whole, 0, whole.size() - 1, static_cast<long double>(tolerance), kept);
            corners expected;
            for (std::size_t k = 0; k < before.size(); ++k)
                if (kept[k]) expected.push_back(before[k]);
            if (!closed || expected.size() != 2) REQUIRE(after == expected);
            if (closed && expected.size() == 2) REQUIRE(after.size() == 3);
            std::size_t at = 0;  // the kept corner before corner k
            for (std::size_t k = 0; k < before.size(); ++k) {
                if (at + 1 < after.size() && before[k] == after[at + 1]) ++at;
                REQUIRE(distance(before[k], after[at], after[(at + 1) % after.size()]) <= tolerance + 1e-9);
            }
        }
    });
}

TEST_CASE("transposed maps have the transposed borders, and mirrored ones the mirrored") {
    dice random;
    CAPTURE(random.seed);
    for_maps(random, 30, 60, [&](const label_map& labels) {
        const auto count = find_borders(labels).size();
        REQUIRE(find_borders(transposed(labels)).size() == count);
        label_map mirrored(labels.width(), labels.height());
        for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
            std::ranges::reverse_copy(labels.row(y), mirrored.row(y).begin());
        REQUIRE(find_borders(mirrored).size() == count);
    });
}

TEST_CASE("layouts change nothing") {
    dice random;
    CAPTURE(random.seed);
    const auto labels = random_labels(random, 77, 40, 4, 8, false);
    const auto borders = find_borders(labels);
    const auto check = [&](const auto& picture, auto filler) {
        for (const auto& place : layouts(picture, filler)) {
            CAPTURE(place.name);
            using label = std::remove_cvref_t<decltype(filler)>;
            CHECK(same_borders(find_borders(place.view), borders));
            CHECK(same_borders(find_borders(image_view<const label>(place.view)), borders));
        }
    };
    check(labels, std::int32_t{-5});
    check(in_bytes(labels), u8{1});
}

TEST_CASE("nothing has no borders, and no borders have no outlines") {
    CHECK(find_borders(image<u8, 1>()).empty());
    CHECK(find_borders(image<u8, 1>(0, 5)).empty());
    CHECK(find_borders(label_map(5, 0)).empty());
    CHECK(find_borders(drawn({"...", "..."})).empty());
    CHECK(simplify({}, 1).empty());
    CHECK(outlines({}).empty());
}

TEST_CASE("coordinates may be as large as their type") {
    constexpr auto most = std::numeric_limits<std::int32_t>::max();
    const auto square = loop({{0, 0}, {0, most}, {most, most}, {most, 0}});
    CHECK(simple(square, 0) == square.corners);
    CHECK(simple(square, 1e300).size() == 1);
    CHECK(simple(line({{0, 0}, {most, most - 1}, {most, most}}), 0.71) == corners{{0, 0}, {most, most}});
    CHECK(simple(line({{0, 0}, {1, 0}, {most, most}}), 0.7) == corners{{0, 0}, {1, 0}, {most, most}});
    // products of 128 bits: 3 sides from the line
    CHECK(simple(line({{0, 0}, {1000, 3}, {2000, 2}, {most, 0}}), 2.5) == corners{{0, 0}, {1000, 3}, {most, 0}});
    CHECK(outlines(std::vector{square}).size() == 2);
}

// Refusals

TEST_CASE("refuses what is no map of labels") {
    CHECK(refusal([] { find_borders(image<u8, 3>(2, 2)); }) == "find_borders: labels has 3 channels, but must have 1");
    CHECK(refusal([] { find_borders(image<std::int32_t>(2, 2, 2)); }) ==
          "find_borders: labels has 2 channels, but must have 1");
    auto labels = drawn({"00", "00"});
    labels(1, 1)[0] = -2;
    CHECK(refusal([&] { find_borders(labels); }) == "find_borders: a label is -2, but must be at least -1");
    const u8 one = 0;
    CHECK(refusal([&] { find_borders(image_view<const u8, 1>(&one, std::ptrdiff_t{1} << 31, 1)); }) ==
          "find_borders: labels has 2147483648x1 pixels, but a side may have at most 2147483647");
}

TEST_CASE("refuses more borders than it can number") {
    const auto one = line({{1, 2}, {1, 3}});
    CHECK(refusal([&] { outlines(std::span(&one, std::size_t{1} << 31)); }) ==
          "outlines: borders has 2147483648 elements, but may have at most 2147483647");
}

TEST_CASE("refuses a tolerance that cannot be meant") {
    const std::vector<border> none;
    CHECK(refusal([&] { simplify(none, -0.5); }) == "simplify: tolerance is -0.5, but must be finite and at least 0");
    for (const double bad : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        CHECK(refusal([&] { simplify(none, bad); }) == says{"simplify: tolerance is", "finite and at least 0"});
}

TEST_CASE("refuses borders that no map has") {
    const auto check = [](const border& one, const std::string& message) {
        CHECK(refusal([&] { simplify(std::vector{one}, 1); }) == "simplify: " + message);
        CHECK(refusal([&] { outlines(std::vector{one}); }) == "outlines: " + message);
    };
    check(line({{1, 2}}), "a border has 1 corners, but must have at least 2");
    check(loop({}), "a border has 0 corners, but must have at least 1");
    check(line({{1, 2}, {-1, 2}}), "a corner is (-1, 2), but must not be negative");
    check(line({{1, 2}, {1, -7}}), "a corner is (1, -7), but must not be negative");
    auto bad = line({{1, 2}, {1, 3}});
    bad.left = -2;
    check(bad, "a label is -2, but must be at least -1");
    std::swap(bad.left, bad.right);
    check(bad, "a label is -2, but must be at least -1");
}

TEST_CASE("refuses outlines that do not close, or meet as in no map") {
    auto borders = find_borders(drawn({"01"}));
    borders.erase(borders.begin());
    CHECK(refusal([&] { outlines(borders); }) == says{"outlines: the ring around label 0", "a border is missing"});
    const std::vector<border> star(3, loop({{5, 7}, {5, 8}, {6, 8}}));
    CHECK(refusal([&] { outlines(star); }) == "outlines: more than 4 borders end at (5, 7), as in no map");
}

}  // namespace
