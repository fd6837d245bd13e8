// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment --smallest` merges, paints and prints.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/regions.hpp>

#include "../examples/image_io.hpp"
#include "run_program.hpp"

namespace {

TEST_CASE("merges regions of fewer than --smallest pixels, and measures colours, shares and compactness anew") {
    scratch_directory directory;
    lloyd::image<std::uint8_t, 3> photo(5, 3);  // a black speck in gray, and a black column
    std::ranges::fill(photo.elements(), std::uint8_t{150});
    std::ranges::fill(photo(1, 1), std::uint8_t{0});
    for (std::ptrdiff_t y = 0; y < 3; ++y) std::ranges::fill(photo(4, y), std::uint8_t{0});
    io::write(directory / "in.png", photo);
    CHECK(segment(directory, {"in.png", "-k", "2"})
              .out.starts_with("#969696   73.3 %\n#000000   26.7 %\ncompactness  0"));
    const auto as_before = content_of(directory / "segmented.png");
    CHECK(segment(directory, {"in.png", "-k", "2", "--smallest", "1"})
              .out.starts_with("#969696   73.3 %\n#000000   26.7 %\ncompactness  0"));
    CHECK(content_of(directory / "segmented.png") == as_before);
    const auto merged = segment(directory, {"in.png", "-k", "2", "--smallest", "2"});
    // 11 · 150 / 12 = 137.5; compactness against the center, 3 · 150²
    CHECK(merged.out.starts_with("#8a8a8a   80.0 %\n#000000   20.0 %\n"
                                 "regions      3, and 2 after merging those of fewer than 2 pixels\n"
                                 "compactness  67500\n"));
    CHECK(colors_of(directory / "segmented.png") == std::map<color, double>{{{138, 138, 138}, 12}, {{0, 0, 0}, 3}});
    const auto fixed = segment(directory, {"in.png", "-k", "2", "--smallest", "2", "--fixed", "#808080"});
    CHECK(fixed.out.starts_with("#808080   80.0 %  fixed\n#000000   20.0 %\n"));
}

TEST_CASE("leaves no region smaller than --smallest, in any space and order") {
    scratch_directory directory;
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--space", "oklab", "--order", "lightness"}}) {
        auto words = more;
        words.insert(words.end(), {"-k", "6", "--smallest", "50"});
        REQUIRE(segment(directory, words).exit_code == 0);
        const auto painted = io::read_rgb(directory / "segmented.png");
        lloyd::image<std::int32_t, 1> labels(painted.width(), painted.height());
        for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
            for (std::ptrdiff_t x = 0; x < labels.width(); ++x)
                labels(x, y)[0] = 65536 * painted(x, y)[0] + 256 * painted(x, y)[1] + painted(x, y)[2];
        const auto regions = lloyd::find_regions(labels).regions;
        CHECK((regions.size() > 1 && std::ranges::all_of(regions, [](const auto& each) { return each.area >= 50; })));
    }
}

TEST_CASE("with --smallest, a mask still says how much pixels count, and invisible pixels are in no region") {
    scratch_directory directory;
    lloyd::image<std::uint8_t, 2> photo(6, 1);  // levels and alpha
    std::ranges::copy(std::array{100, 255, 100, 255, 20, 255, 20, 0, 20, 0, 20, 255}, photo.data());
    io::write(directory / "in.png", photo);
    const auto visible = segment(directory, {"in.png", "-k", "2", "--smallest", "2"});
    // the 20 at the left joins the 100s; that at the right has no neighbour
    CHECK(visible.out.starts_with("#141414   25.0 %\n#494949   75.0 %\nregions      3, and 2 after"));
    CHECK(std::ranges::equal(
        lloyd::select_channels<0, 3>(lloyd::image<std::uint8_t, 4>(io::read(directory / "segmented.png"))).elements(),
        std::array{73, 255, 73, 255, 73, 255, 255, 0, 255, 0, 20, 255}));
    CHECK(segment(directory, {"in.png", "-k", "2", "--smallest", "2", "--alpha", "ignore"})
              .out.starts_with("#141414   66.7 %\n#646464   33.3 %\nregions      2, and 2 after"));

    lloyd::image<std::uint8_t, 1> mask(6, 1);
    std::ranges::copy(std::array{255, 255, 0, 0, 0, 255}, mask.data());
    io::write(directory / "mask.png", mask);
    CHECK(segment(directory, {"in.png", "-k", "2", "--smallest", "2", "--mask", "mask.png"})
              .out.starts_with("#646464   66.7 %\n#141414   33.3 %\nregions      3, and 2 after"));
    CHECK(segment(directory, {"in.png", "-k", "2", "--smallest", "2", "--mask", "mask.png", "--alpha", "ignore"})
              .out.starts_with("#646464   66.7 %\n#141414   33.3 %\nregions      2, and 2 after"));
}

}  // namespace
