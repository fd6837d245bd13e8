// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sampler of random seeding over points of any kind (see draw_seeds in seeding.hpp): points equal to a seed are not
/// drawn again. They are found by 16 bits for each point, a hash of its first coordinates in point_tiles: a fraction of what
/// the points take to read.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/block_sampler.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A hash of up to four coordinates as they lie in a tile, the same for 0 and −0: its higher half.
struct coordinate_hash {
    static constexpr std::ptrdiff_t max_coordinates = 4;
    static constexpr std::uint32_t factors[max_coordinates] = {0x9e37'79b1, 0x85eb'ca77, 0xc2b2'ae3d, 0x27d4'eb2f};

    /// hash += that of coordinate c; of numbers or of vectors of them.
    template <class Bits>
    [[gnu::always_inline]] static inline void add(Bits& hash, const Bits& bits, std::ptrdiff_t c) {
        hash = hash + (bits << 1) * factors[c];
    }
};

/// Writes the hashes of all points of some tiles.
struct hash_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(tiled_points points, std::uint16_t* hashes) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        const auto used =
            points.channels < coordinate_hash::max_coordinates ? points.channels : coordinate_hash::max_coordinates;
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            const float* planes = points.planes + t * points_per_tile * points.channels;
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 2 * lanes, hashes += 2 * lanes) {
                simd<std::uint32_t, Bytes> left = {}, right = {}, bits;
                for (std::ptrdiff_t c = 0; c < used; ++c) {
                    load(bits, planes + c * points_per_tile + i);
                    coordinate_hash::add(left, bits, c);
                    load(bits, planes + c * points_per_tile + i + lanes);
                    coordinate_hash::add(right, bits, c);
                }
                left = left >> 16;
                right = right >> 16;
                simd<std::uint16_t, Bytes> halves;
                join_low_halves(halves, left, right);
                store(hashes, halves);
            }
        }
    }
};

/// The index of the first hash from number `first` on that equals `wanted`, at most `count`. Reads full tiles.
struct find_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const std::uint16_t* hashes, std::ptrdiff_t first,
                                                            std::ptrdiff_t count, std::uint16_t wanted) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(std::uint16_t);
        simd<std::uint16_t, Bytes> some, all;
        broadcast(all, wanted);
        const auto skipped = first % lanes;
        auto mask = ~std::uint64_t{0} << 2 * skipped;
        for (auto i = first - skipped; i < count; i += lanes) {
            load(some, hashes + i);
            std::uint64_t equal;
            movemask<Bytes>(equal, some == all);
            equal &= mask;
            if (equal != 0) return (std::min)(i + std::countr_zero(equal) / 2, count);
            mask = ~std::uint64_t{0};
        }
        return count;
    }
};

/// The part of a point is its weight, and 0 if it equals a seed.
template <class = deferred>
class point_weight_sampler final : public block_sampler<> {
public:
    [[gnu::cold]] point_weight_sampler(const point_set& points, const point_tiles<>& tiles, std::ptrdiff_t k,
                                       thread_team& team)
        : block_sampler<>(points, k, team),
          tiles_(tiles),
          hashes_(static_cast<std::size_t>(points.blocks() * points.block_size())),
          are_seeds_(static_cast<std::size_t>(points.blocks() * words_per_block()), 0) {
        sum_weights();
    }

    void add_seed(const double* seed, bool) override {
        each_chunk([&](std::ptrdiff_t first, std::ptrdiff_t end) {
            buffer<double> point(static_cast<std::size_t>(points_.channels()));
            for (auto block = first; block < end; ++block)
                if (mark_equals(points_of(block), seed, point)) weigh(block);
        });
        are_hashed_ = true;
        sum_up();
    }

    /// There is but one.
    std::ptrdiff_t best_candidate(const double*, std::ptrdiff_t) override { return 0; }

private:
    static constexpr std::ptrdiff_t bits = 32;  ///< of a word; blocks have whole words

    std::ptrdiff_t words_per_block() const { return points_.block_size() / bits; }
    bool is_seed(std::ptrdiff_t i) const { return (are_seeds_[i / bits] >> i % bits & 1) != 0; }

    potential part(std::ptrdiff_t i) const override { return is_seed(i) ? potential{} : part_of(points_.weight(i), 1); }

    std::uint16_t hash_of(const double* point) const {
        std::uint32_t hash = 0;
        for (std::ptrdiff_t c = 0; c < (std::min)(points_.channels(), coordinate_hash::max_coordinates); ++c)
            coordinate_hash::add(hash, __builtin_bit_cast(std::uint32_t, tiles_.rounded(point[c], c)), c);
        return static_cast<std::uint16_t>(hash >> 16);
    }

    /// Marks the points that equal a seed. Returns whether there are any. `point` has room for one.
    bool mark_equals(const point_range& points, const double* seed, const buffer<double>& point) {
        const auto count = points.end - points.first;
        auto* const hashes = hashes_.data() + points.first;
        tile_room room;
        if (!are_hashed_) run_kernel<hash_kernel>(tiles_.at(points.first, count, room), hashes);
        const auto wanted = hash_of(seed);
        bool any = false;
        for (std::ptrdiff_t found = 0; found < count; ++found) {
            found = run_kernel<find_kernel>(hashes, found, count, wanted);
            if (found == count) break;
            const auto i = points.first + found;
            points_.read_point(i, point.data());
            if (!std::equal(point.begin(), point.end(), seed)) continue;
            are_seeds_[i / bits] |= std::uint32_t{1} << i % bits;
            any = true;
        }
        return any;
    }

    void weigh(std::ptrdiff_t block) {
        const auto points = points_of(block);
        auto count = points.end - points.first;
        for (auto w = points.first / bits; w * bits < points.end; ++w) count -= std::popcount(are_seeds_[w]);
        potentials_[static_cast<std::size_t>(block)] = weight_of(points, count);
    }

    const point_tiles<>& tiles_;
    buffer<std::uint16_t> hashes_;     ///< of each point
    bool are_hashed_ = false;          ///< they are from the first seed on
    buffer<std::uint32_t> are_seeds_;  ///< a bit for each point: whether it equals a seed
};

}  // namespace lloyd::inline v0::detail
