// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "segment_request.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <limits>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <lloyd/regions.hpp>

#include "program.hpp"

namespace segment_steps {
namespace {

using u8 = std::uint8_t;

/// Sets `colors` to those in a text like "#1a2b3c,#ffffff". Returns a description of allowed texts if it is wrong.
std::string read_colors(std::string_view text, lloyd::image<u8, 3>& colors) {
    std::vector<u8> channels;
    std::set<unsigned> seen;
    for (std::size_t at = 0; at <= text.size(); at += 8) {
        const auto word = text.substr(at, 8);  // with the comma behind it
        const auto digits = word.substr(0, 7);
        unsigned color = 0;
        const bool is_color = digits.size() == 7 && digits[0] == '#' && (word.size() == 7 || word[7] == ',') &&
                              std::from_chars(digits.data() + 1, digits.data() + 7, color, 16).ptr == digits.data() + 7;
        if (!is_color) return "colours like #1a2b3c, with a comma between two";
        if (!seen.insert(color).second) return "different colours: " + std::string(digits) + " is there twice";
        for (const int shift : {16, 8, 0}) channels.push_back(static_cast<u8>(color >> shift & 255));
    }
    colors = lloyd::image<u8, 3>(std::ssize(seen), 1);
    std::ranges::copy(channels, colors.data());
    return {};
}

/// Shows each iteration. (With a progress callback, attempts run one after another.)
std::function<bool(const lloyd::kmeans_progress&)> progress_of(photos::job& photo, int attempts) {
    return [&photo, attempts](const lloyd::kmeans_progress& step) {
        photo.show(0.4 + 0.2 * step.attempt / attempts, "attempt " + std::to_string(step.attempt + 1) + " of " +
                                                            std::to_string(attempts) + ", iteration " +
                                                            std::to_string(step.iteration));
        return true;
    };
}

/// merge_small_regions of the library, with the numbers of regions before and after.
template <class Labels>
auto merged(const Labels& labels, int smallest, region_counts& counts) {
    auto result = lloyd::merge_small_regions(labels, smallest);
    counts = {lloyd::find_regions(labels).regions.size(), lloyd::find_regions(result).regions.size()};
    return result;
}

}  // namespace

void declare_options(cli::command_line& line, request& wanted) {
    constexpr int any = std::numeric_limits<int>::max();
    auto& kmeans = wanted.options.kmeans;
    line.option("--smallest", wanted.smallest, 1, any, "regions of fewer pixels are merged into their neighbours");
    declare(line, wanted.options.space, wanted.alpha);
    line.input("--mask", wanted.mask, "a gray picture of the photo's size that says how much each pixel counts");
    line.option(
        "--fixed COLORS", {}, [&wanted](std::string_view text) { return read_colors(text, wanted.fixed); },
        "colours that stay as they are, such as '#1a2b3c,#ffffff'; the others are found beside them");
    line.option("--order", wanted.options.order,
                {{"share", lloyd::segment_order::share}, {"lightness", lloyd::segment_order::lightness}},
                "the order of the colours, before small regions are merged: the largest share first, or the darkest "
                "colour first");
    line.option("--attempts", kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--init", kmeans.init, {{"plus-plus", lloyd::seeding::plus_plus}, {"random", lloyd::seeding::random}},
                "how the first colours are chosen");
    line.option("--max-iterations", kmeans.max_iterations, 1, any, "the largest number of steps in an attempt");
    line.option("--epsilon", kmeans.epsilon, 0, std::numeric_limits<double>::max(),
                "stop when no center moved farther than this, in units of the space");
    line.option("--seed", kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
}

void check(const request& wanted) {
    if (wanted.fixed.size() > wanted.k)
        throw cli::failure(cli::usage, "--fixed has " + std::to_string(wanted.fixed.size()) + " colours, but -k is " +
                                           std::to_string(wanted.k) + "; raise -k, or leave colours out");
}

weighted_picture read(const photos::job& photo, const request& wanted) {
    auto picture = read(photo.from, wanted.files.megapixels, wanted.alpha);
    if (!wanted.mask.empty()) apply_mask(picture, wanted.mask, wanted.files.megapixels);
    return picture;
}

lloyd::segmentation segments_of(const weighted_picture& picture, const request& wanted, photos::job& photo) {
    photo.begin("segmenting", 0.4);
    auto options = wanted.options;
    options.kmeans.threads = photo.threads;
    if (photo.is_watched()) options.kmeans.progress = progress_of(photo, options.kmeans.attempts);
    options.weights = picture.weights;
    options.fixed = wanted.fixed;
    return lloyd::segment(picture.colors, wanted.k, options);
}

region_counts merge_small_regions(lloyd::segmentation& segments, const weighted_picture& picture, int smallest) {
    region_counts counts{};
    if (!picture.hides || picture.alpha.empty()) {
        const auto labels = merged(segments.labels, smallest, counts);
        segments = lloyd::relabel(picture.colors, segments, labels, picture.weights);
        return counts;
    }
    auto visible = picture.alpha;
    for (auto& alpha : visible.elements()) alpha = alpha == 0 ? 0 : 255;
    auto labels = merged(lloyd::cut(segments.labels, visible), smallest, counts);
    std::ranges::transform(labels.elements(), segments.labels.elements(), labels.elements().begin(),
                           [](std::int32_t now, u8 before) { return now < 0 ? before : now; });
    segments = lloyd::relabel(picture.colors, segments, labels, picture.weights);
    return counts;
}

void print(const region_counts& regions, int smallest, cli::report& to) {
    to.print("regions      %zu, and %zu after merging those of fewer than %d pixels\n", regions.before, regions.after,
             smallest);
}

}  // namespace segment_steps
