// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From the list of distinct colours to their tree.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_lanes.hpp>
#include <lloyd/detail/color_table.hpp>
#include <lloyd/detail/color_tree.hpp>
#include <lloyd/detail/simd.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// The bounds and sums of every cube.
struct cube_sums_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_tree* tree) {
        const color_boxes& cubes = tree->cubes();
        for (std::ptrdiff_t cube = 0; cube < cubes.count; ++cube) {
            const auto end = static_cast<std::ptrdiff_t>(cubes.child.data()[cube + 1]);
            auto place = static_cast<std::ptrdiff_t>(cubes.child.data()[cube]);
            sums_of<Bytes> sums(lanes_type<Bytes>(*tree, place));
            for (; place < end; place += lanes_type<Bytes>::count) sums.add(lanes_type<Bytes>(*tree, place));
            sums.write(*tree, cube);
        }
    }

private:
    template <int Bytes>
    using lanes_type = color_lanes<double, Bytes>;

    template <int Bytes>
    struct sums_of {
        using numbers = typename lanes_type<Bytes>::numbers;
        numbers weight = {}, moment[3] = {}, square = {}, low[3], high[3];

        [[gnu::always_inline]] inline explicit sums_of(const lanes_type<Bytes>& first) {
            for (int c = 0; c < 3; ++c) low[c] = high[c] = first.x[c];
        }

        [[gnu::always_inline]] inline void add(const lanes_type<Bytes>& colors) {
            numbers norm = {};
            for (int c = 0; c < 3; ++c) {
                norm += colors.x[c] * colors.x[c];
                moment[c] += colors.weight * colors.x[c];
                assign_where(colors.x[c] < low[c], low[c], colors.x[c]);
                assign_where(high[c] < colors.x[c], high[c], colors.x[c]);
            }
            weight += colors.weight;
            square += colors.weight * norm;
        }

        [[gnu::always_inline]] inline void write(const color_tree& tree, std::ptrdiff_t cube) const {
            float least[3], most[3];
            double corner[3];
            tree.corner(static_cast<std::size_t>(cube), &corner[0]);
            box_sums sums{sum_of_lanes(weight), {}, sum_of_lanes(square)};
            for (int c = 0; c < 3; ++c) {
                const double local = sum_of_lanes(moment[c]);
                sums.moment[c] = local + sums.weight * corner[c];
                sums.square += corner[c] * (2 * local + sums.weight * corner[c]);
                least[c] = static_cast<float>(corner[c] + least_lane(low[c]));
                most[c] = static_cast<float>(corner[c] - least_lane(numbers(numbers{} - high[c])));
            }
            tree.cubes().sums.data()[cube] = sums;
            tree.cubes().set_bounds(cube, least, most);
        }
    };
};

/// The bits of each coordinate that a set of bits of the code stands for.
template <std::size_t Channels>
constexpr std::array<std::uint8_t, Channels> coordinate_bits(std::uint32_t code) {
    std::array<std::uint8_t, Channels> bits{};
    morton_color<Channels>(code, bits.data());
    return bits;
}

/// Builds the tree from the cubes up.
template <std::size_t Channels>
class tree_builder {
public:
    /// Colours in Morton order, with weights that fit.
    static color_tree build(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
        tree_builder builder;
        builder.divide(colors);
        builder.fill_places(colors.data(), counts.data());
        run_kernel<cube_sums_kernel>(static_cast<const color_tree*>(&builder.tree_));
        for (auto level = color_tree::depth; level > 0; --level) builder.gather(level - 1);
        return std::move(builder.tree_);
    }

private:
    static std::uint32_t rounded_up(std::uint32_t count) {
        constexpr auto lanes = static_cast<std::uint32_t>(widest_lanes);
        return (count + lanes - 1) / lanes * lanes;
    }

    /// Finds where cubes begin: a cube is a run of codes with the same prefix.
    void divide(image_view<const std::uint8_t, Channels> colors) {
        const auto n = static_cast<std::uint32_t>(colors.width());
        const auto most = (std::min)(std::size_t{n}, color_table<Channels, std::uint8_t>::cubes);
        prefixes_ = buffer<std::uint32_t>(most);
        tree_.corners = buffer<std::uint32_t>(most);
        color_boxes boxes(most);
        std::uint32_t places = 0;
        const std::uint8_t* color = colors.data();
        for (std::uint32_t i = 0; i < n; ++i, color += Channels) {
            const auto corner = color_tree::pack(color, Channels, high_bits_.data());
            if (i > 0 && corner == tree_.corners.data()[boxes.count - 1]) continue;
            if (i > 0) places += rounded_up(i - boxes.color.data()[boxes.count - 1]);
            prefixes_.data()[boxes.count] = morton_code<Channels>(color) >> cell_bits<Channels>;
            tree_.corners.data()[boxes.count] = corner;
            boxes.color.data()[boxes.count] = i;
            boxes.child.data()[boxes.count++] = places;
        }
        boxes.color.data()[boxes.count] = n;
        boxes.child.data()[boxes.count] = places + rounded_up(n - boxes.color.data()[boxes.count - 1]);
        tree_.levels[color_tree::depth] = std::move(boxes);
    }

    void fill_places(const std::uint8_t* colors, const double* counts) {
        const auto places = tree_.cubes().child.data()[tree_.cubes().count];
        tree_.coordinates = buffer<std::int32_t>(places);
        tree_.weights = buffer<std::int32_t>(places);
        for (std::ptrdiff_t cube = 0; cube < tree_.cubes().count; ++cube) {
            const auto begin = tree_.cubes().child.data()[cube], end = tree_.cubes().child.data()[cube + 1];
            const auto first = tree_.cubes().color.data()[cube], last = tree_.cubes().color.data()[cube + 1];
            auto place = begin;
            for (auto i = first; i < last; ++i, ++place) {
                const auto* color = colors + i * Channels;
                tree_.coordinates.data()[place] =
                    static_cast<std::int32_t>(color_tree::pack(color, Channels, low_bits_.data()));
                tree_.weights.data()[place] = static_cast<std::int32_t>(counts[i]);
            }
            std::fill(tree_.coordinates.data() + place, tree_.coordinates.data() + end,
                      tree_.coordinates.data()[place - 1]);
            std::fill(tree_.weights.data() + place, tree_.weights.data() + end, 0);
        }
    }

    /// The level above the boxes with these prefixes, which become those of the new level.
    void gather(std::size_t level) {
        const color_boxes& below = tree_.levels[level + 1];
        color_boxes boxes(static_cast<std::size_t>(below.count));
        for (std::ptrdiff_t i = 0; i < below.count; ++i) {
            const auto prefix = level > 0 ? prefixes_.data()[i] >> 3 : 0;
            if (i == 0 || prefix != prefixes_.data()[boxes.count - 1]) {
                prefixes_.data()[boxes.count] = prefix;
                boxes.child.data()[boxes.count] = static_cast<std::uint32_t>(i);
                boxes.color.data()[boxes.count++] = below.color.data()[i];
            }
        }
        boxes.child.data()[boxes.count] = static_cast<std::uint32_t>(below.count);
        boxes.color.data()[boxes.count] = below.color.data()[below.count];
        for (std::ptrdiff_t box = 0; box < boxes.count; ++box) unite(boxes, box, below);
        tree_.levels[level] = std::move(boxes);
    }

    static void unite(color_boxes& boxes, std::ptrdiff_t box, const color_boxes& below) {
        float low[3] = {255, 255, 255}, high[3] = {0, 0, 0};
        box_sums sums;
        for (auto i = boxes.child.data()[box]; i < boxes.child.data()[box + 1]; ++i) {
            sums += below.sums.data()[i];
            for (int c = 0; c < 3; ++c) {
                low[c] = (std::min)(low[c], (below.middle[c].data()[i] - below.extent[c].data()[i]) / 2);
                high[c] = (std::max)(high[c], (below.middle[c].data()[i] + below.extent[c].data()[i]) / 2);
            }
        }
        boxes.sums.data()[box] = sums;
        boxes.set_bounds(box, low, high);
    }

    static constexpr auto high_bits_ = coordinate_bits<Channels>(~std::uint32_t{0} << cell_bits<Channels>);
    static constexpr auto low_bits_ = coordinate_bits<Channels>((std::uint32_t{1} << cell_bits<Channels>) - 1);

    color_tree tree_;
    buffer<std::uint32_t> prefixes_;  ///< of the boxes of the level built last
};

template <std::size_t Channels>
color_tree build_color_tree(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
    return tree_builder<Channels>::build(colors, counts);
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
