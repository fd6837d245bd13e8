// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Canny in one go: strips of rows side by side, tiles of columns one after another, and in each a few rows at a time
/// through stages 1 to 4; hysteresis over the bits of all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/edge_rows.hpp>
#include <lloyd/detail/canny/fused_edge_rows.hpp>
#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/canny/hysteresis.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/column_tiles.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// What is an edge.
struct canny_parameters {
    gaussian_taps taps;  ///< of the blur; one for none
    edge_limits limits;
    int aperture;
    bool squared;  ///< magnitudes are dx² + dy²
    int threads;
};

/// Where the rows of each strip begin, and the end of the last: one for a single thread, otherwise a few for each.
template <class = deferred>
std::vector<std::ptrdiff_t> strip_starts(std::ptrdiff_t height, std::size_t threads) {
    constexpr std::ptrdiff_t min_rows = 64;
    const auto wanted = threads == 1 ? std::ptrdiff_t{1} : 4 * static_cast<std::ptrdiff_t>(threads);
    const auto count = (std::max)((std::min)(wanted, height / min_rows), std::ptrdiff_t{1});
    std::vector<std::ptrdiff_t> starts;
    for (std::ptrdiff_t i = 0; i <= count; ++i) starts.push_back(height / count * i + (std::min)(i, height % count));
    return starts;
}

/// Stages 1 to 4 for rows first to last − 1 of one tile, whose rows give bits from its `begin` on.
template <class Rows>
void compute_tile(Rows& rows, const column_tile& tile, std::ptrdiff_t first, std::ptrdiff_t last, edge_map& map) {
    const auto begin = tile.first / pixel_word_bits, end = words_for(tile.last);
    const auto skipped = words_for(tile.first - tile.begin);
    rows.start(first);
    for (auto y = first; y < last; ++y) {
        rows.compute_row(y, {skipped, skipped + end - begin, map.weak(y) + begin, map.edges(y) + begin,
                             map.prefetch_row(y) + tile.begin});
        map.index_row(y, begin, end);
    }
}

/// Stages 1 to 4 for rows first to last − 1.
template <class = deferred>
void compute_bits(byte_view photo, const canny_parameters& search, std::ptrdiff_t first, std::ptrdiff_t last,
                  edge_map& map) {
    const auto& taps = search.taps;
    const auto limits = search.limits;
    const auto aperture = search.aperture;
    const bool color = photo.channels() == 3, squared = search.squared;
    for (const auto& tile : tiles_of(photo.width(), photo.channels(), taps.radius() + aperture / 2 + 1)) {
        const auto part = photo.crop(tile.begin, 0, tile.end - tile.begin, photo.height());
        const auto compute_with = [&](auto rows) { compute_tile(rows, tile, first, last, map); };
        if (aperture == 3 && color && squared)
            compute_with(fused_edge_rows<squared_l2_norm, color_gradient_rows<squared_l2_norm>>(part, taps, limits));
        else if (aperture == 3 && color)
            compute_with(fused_edge_rows<l1_norm, color_gradient_rows<l1_norm>>(part, taps, limits));
        else if (aperture == 3 && squared)
            compute_with(fused_edge_rows<squared_l2_norm, gray_gradient_rows>(part, taps, limits));
        else if (aperture == 3)
            compute_with(fused_edge_rows<l1_norm, gray_gradient_rows>(part, taps, limits));
        else if (color || squared)
            compute_with(edge_rows(part, taps, aperture, squared, limits));
        else if (aperture == 5)
            compute_with(fused_edge_rows<l1_norm, summed_gradient_rows<5>>(part, taps, limits));
        else
            compute_with(fused_edge_rows<l1_norm, summed_gradient_rows<7>>(part, taps, limits));
    }
}

/// All five stages; every argument is checked.
template <class = deferred>
image<std::uint8_t, 1> find_edges(byte_view photo, const canny_parameters& search) {
    image<std::uint8_t, 1> edges(uninitialized, photo.width(), photo.height());
    if (photo.empty()) return edges;

    edge_map map(edges);
    thread_team team(search.threads, photo.height());
    const auto starts = strip_starts(photo.height(), team.size());
    team.for_each(starts.size() - 1, [&](std::size_t strip) {
        compute_bits(photo, search, starts[strip], starts[strip + 1], map);
        map.propagate(starts[strip], starts[strip + 1]);
    });
    map.propagate_across({starts.begin() + 1, starts.end() - 1});
    team.for_each(starts.size() - 1, [&](std::size_t strip) {
        for (auto y = starts[strip]; y < starts[strip + 1]; ++y) map.write_row(y);
    });
    return edges;
}

}  // namespace lloyd::inline v0::detail
