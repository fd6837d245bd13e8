// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Compiled with -DLLOYD_COMPILED: compares with the unit that compiles the library itself.

#include <algorithm>
#include <iostream>
#include <string_view>

#include "results.hpp"

namespace {

int differences = 0;

template <class A, class B>
void compare(std::string_view what, const A& a, const B& b) {
    if (std::ranges::equal(a, b)) return;
    std::cerr << what << " differ\n";
    ++differences;
}

}  // namespace

int main() {
    const auto photo = sample_photo();
    const auto here = compute(photo), there = compute_header_only(photo);
    compare("segments", here.segments.labels.elements(), there.segments.labels.elements());
    compare("palettes", here.segments.palette.elements(), there.segments.palette.elements());
    compare("posters", here.poster.elements(), there.poster.elements());
    compare("dots", here.dots.elements(), there.dots.elements());
    compare("centers", here.clusters.centers.elements(), there.clusters.centers.elements());
    compare("centers of points", here.points.centers.elements(), there.points.centers.elements());
    compare("centers of 7 channels", here.wide.centers.elements(), there.points.centers.elements());
    compare("centers of 7 channels there", there.wide.centers.elements(), there.points.centers.elements());
    compare("last centers", here.sweep.centers.back().elements(), there.sweep.centers.back().elements());
    compare("sums", here.sums.numbers(), there.sums.numbers());
    compare("means", here.sums.means().elements(), there.sums.means().elements());
    compare("counts", here.colors.counts(), there.colors.counts());
    compare("edges", here.edges.elements(), there.edges.elements());
    compare("regions", here.regions.ids.elements(), there.regions.ids.elements());
    compare("clean labels", here.clean.elements(), there.clean.elements());
    for (std::size_t i = 0; i < here.shapes.size() && i < there.shapes.size(); ++i)
        compare("outlines", here.shapes[i].rings, there.shapes[i].rings);
    compare("hues", here.hsv.elements(), there.hsv.elements());
    compare("Lab", here.lab.elements(), there.lab.elements());
    compare("OKLab and back", here.back.elements(), there.back.elements());
    return differences;
}
