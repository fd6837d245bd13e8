// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Segments of any photo, weights, fixed colours, space and order: what is returned agrees with itself and with assign and
// relabel, in this frame and the next, whatever the threads, the layout and the CPU level.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <lloyd/segment.hpp>

#include "../sample_segments.hpp"
#include "bytes.hpp"

namespace {

using fuzz::bytes;
using fuzz::require;
using lloyd::segmentation;
using samples::same;
using samples::same_pixels;
using samples::u8;

struct problem {
    lloyd::image<u8, 3> photo;
    lloyd::image<u8, 1> weights;
    lloyd::image<u8, 3> fixed;
    int k = 0;
    lloyd::segment_options options;  ///< weights and fixed look at the two above
};

problem read(bytes& input) {
    problem p;
    p.photo = lloyd::image<u8, 3>(input.below(17), input.below(7));
    p.k = input.below(12) - 1;
    p.options.space = static_cast<lloyd::color_space>(input.below(7) - 1);
    p.options.order = static_cast<lloyd::segment_order>(input.one_of({0, 0, 1, 1, 2}));
    p.options.kmeans.init = input.coin() ? lloyd::seeding::plus_plus : lloyd::seeding::random;
    p.options.kmeans.attempts = 1 + input.below(3);
    p.options.kmeans.max_iterations = input.one_of({1, 2, 5, 100});
    p.options.kmeans.seed = input.byte();
    const int weighed = input.below(4), odd = input.below(12);
    if (weighed > 0) p.weights = lloyd::image<u8, 1>(p.photo.width() + (odd == 1), p.photo.height());
    for (auto& weight : p.weights.elements())
        weight = weighed == 1 ? static_cast<u8>(255 * input.below(2)) : weighed == 2 ? input.byte() : u8{77};
    p.fixed = lloyd::image<u8, 3>(input.below(4) == 1 ? input.below(5) : 0, 1);
    input.fill(p.fixed.elements());
    const u8 levels = input.one_of<u8>({255, 255, 7, 0xC0, 1});
    input.fill(p.photo.elements());
    for (auto& element : p.photo.elements()) element &= levels;
    return p;
}

bool is_valid(const problem& p) {
    const int space = static_cast<int>(p.options.space), order = static_cast<int>(p.options.order);
    const bool weighed =
        p.weights.empty() || (p.weights.width() == p.photo.width() && p.weights.height() == p.photo.height() &&
                              std::ranges::max(p.weights.elements()) > 0);
    return 1 <= p.k && p.k <= p.photo.size() && weighed && p.fixed.size() <= p.k && 0 <= space && space <= 4 &&
           order <= 1;
}

segmentation cluster(const problem& p, lloyd::image_view<const u8, 3> photo, int threads = 1) {
    auto options = p.options;
    options.weights = p.weights;
    options.fixed = p.fixed;
    options.kmeans.threads = threads;
    return lloyd::segment(photo, p.k, options);
}

void check_parts(const problem& p, const segmentation& s) {
    require(s.centers.size() == p.k && s.palette.size() == p.k && std::ssize(s.shares) == p.k, "k segments");
    require(same_pixels(s.labels, lloyd::assign(p.photo, s)), "labels are those of the nearest center");
    require(same(lloyd::relabel(p.photo, s, s.labels, p.weights), s), "its own labels give the segments again");
    require(std::abs(std::accumulate(s.shares.begin(), s.shares.end(), 0.0) - 1) < 1e-12, "shares sum up to 1");
    require(same_pixels(s.palette.crop(0, 0, p.fixed.size(), 1), p.fixed), "fixed colours stay");
    require(std::isfinite(s.compactness) && s.compactness >= 0, "compactness is no less than 0");
}

void check_next(bytes& input, const problem& p, const segmentation& s) {
    const lloyd::segment_options options{.kmeans = {.max_iterations = 3}, .weights = p.weights};
    const auto same_frame = lloyd::segment(p.photo, s, options);
    require(same_frame.compactness <= s.compactness, "another step is never worse");
    if (s.converged && std::ranges::min(s.shares) > 0)
        require(same_pixels(same_frame.labels, s.labels), "what has converged stays");
    const auto part = p.photo.crop(0, 0, 1 + input.below(static_cast<int>(p.photo.width())), 1);
    const auto next = lloyd::segment(part, s);
    require(same_pixels(next.labels, lloyd::assign(part, next)), "labels of a frame are those of the nearest center");
    for (std::ptrdiff_t j = 0; j < p.k; ++j)
        if (next.shares[static_cast<std::size_t>(j)] == 0)
            require(std::ranges::equal(next.palette(j, 0), s.palette(j, 0)), "what is not seen keeps its colour");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes input(data, size);
    const auto p = read(input);
    segmentation s;
    const bool refused = fuzz::is_refused("segment: ", [&] { s = cluster(p, p.photo); });
    require(refused == !is_valid(p), "what is valid is segmented, and nothing else");
    if (refused) return 0;
    check_parts(p, s);
    check_next(input, p, s);
    const lloyd::image<u8> copy(lloyd::image_view<const u8>(p.photo));
    const auto elsewhere = fuzz::place(input, copy);
    require(same(cluster(p, lloyd::image_view<const u8, 3>(elsewhere.view), 3), s),
            "3 threads and any layout give the same bits");
    for (const auto level : samples::cpu_levels()) {
        const samples::cpu_limit limit(level);
        require(same(cluster(p, p.photo), s), "every CPU level gives the same bits");
    }
    return 0;
}
