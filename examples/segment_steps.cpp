// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "segment_steps.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "program.hpp"
#include "visible_pixels.hpp"

namespace segment_steps {
namespace {

using u8 = std::uint8_t;
using gray_image = lloyd::image<u8, 1>;

bool all_zero(const gray_image& weights) {
    return std::ranges::all_of(weights.elements(), [](u8 weight) { return weight == 0; });
}

/// The levels of a gray picture, whether its file stores it as gray or as RGB.
gray_image read_gray(const std::filesystem::path& path, int megapixels) {
    const auto refuse = [&](const char* reason) {
        throw cli::failure(cli::unreadable, "cannot take weights from " + cli::given(path) + ": " + reason);
    };
    const auto picture = io::read(path, megapixels);
    if (!io::alpha_of(picture).empty()) refuse("it has an alpha channel; save it as gray without alpha");
    const auto rgb = io::to_rgb(picture);
    for (std::size_t i = 0; i < rgb.elements().size(); i += 3)
        if (rgb.elements()[i] != rgb.elements()[i + 1] || rgb.elements()[i] != rgb.elements()[i + 2])
            refuse("it is not gray; save it as gray");
    return lloyd::select_channels<0>(rgb);
}

std::string size_of(std::ptrdiff_t width, std::ptrdiff_t height) {
    return std::to_string(width) + "x" + std::to_string(height);
}

}  // namespace

void declare_space(cli::command_line& line, lloyd::color_space& space) {
    line.option("--space", space,
                {{"rgb", lloyd::color_space::rgb},
                 {"hsv", lloyd::color_space::hsv},
                 {"hsv_cone", lloyd::color_space::hsv_cone},
                 {"lab", lloyd::color_space::lab},
                 {"oklab", lloyd::color_space::oklab}},
                "colour space of the distances; lab and oklab compare colours as eyes do; only hsv divides red");
}

void declare(cli::command_line& line, lloyd::color_space& space, alpha_use& alpha) {
    declare_space(line, space);
    if (alpha == alpha_use::cut)
        return line.option("--alpha", alpha, {{"cut", alpha_use::cut}, {"ignore", alpha_use::ignore}},
                           "whether pixels with an alpha below 128 are cut out, or alpha plays no part");
    line.option("--alpha", alpha, {{"weigh", alpha_use::weigh}, {"ignore", alpha_use::ignore}},
                "whether pixels count as their alpha says, invisible ones not at all, or alpha plays no part");
}

weighted_picture read(const std::filesystem::path& path, int megapixels, alpha_use use) {
    const auto picture = io::read(path, megapixels);
    weighted_picture result{io::to_rgb(picture), io::alpha_of(picture), {}, use != alpha_use::ignore};
    if (use == alpha_use::cut)
        for (auto& alpha : result.alpha.elements()) alpha = alpha < 128 ? 0 : 255;
    if (use != alpha_use::ignore) result.weights = result.alpha;
    if (result.weights.empty() || !all_zero(result.weights)) return result;
    if (use == alpha_use::weigh) pictures::refuse_invisible(path);
    throw cli::failure(cli::unreadable, "cannot draw " + cli::given(path) +
                                            ": it is transparent, with an alpha below 128 " +
                                            "everywhere; take --alpha ignore");
}

void apply_mask(weighted_picture& picture, const std::filesystem::path& path, int megapixels) {
    auto mask = read_gray(path, megapixels);
    const auto width = picture.colors.width(), height = picture.colors.height();
    if (mask.width() != width || mask.height() != height)
        throw cli::failure(cli::usage, "--mask " + cli::given(path) + " has " + size_of(mask.width(), mask.height()) +
                                           " pixels, but the photo has " + size_of(width, height) +
                                           "; take a mask of the photo's size");
    if (all_zero(mask))
        throw cli::failure(cli::usage,
                           "--mask " + cli::given(path) + " is black, so that no pixel counts; make white what counts");
    if (!picture.weights.empty())
        std::ranges::transform(mask.elements(), picture.weights.elements(), mask.elements().begin(),
                               [](int level, int alpha) { return static_cast<u8>((alpha * level + 127) / 255); });
    if (all_zero(mask))
        throw cli::failure(cli::usage, "--mask " + cli::given(path) + " leaves only pixels that alpha hides; " +
                                           "take another mask, or --alpha ignore");
    picture.weights = std::move(mask);
}

lloyd::image<u8> painted(const weighted_picture& picture, const lloyd::segmentation& segments) {
    auto colors = lloyd::recolor(segments.labels, segments.palette);
    if (picture.alpha.empty()) return lloyd::image<u8>(std::move(colors));
    const auto alpha = picture.alpha.elements();
    for (std::size_t i = 0; picture.hides && i < alpha.size(); ++i)
        if (alpha[i] == 0) std::ranges::fill(colors.elements().subspan(3 * i, 3), u8{255});
    return lloyd::image<u8>(io::with_alpha(colors, picture.alpha));
}

}  // namespace segment_steps
