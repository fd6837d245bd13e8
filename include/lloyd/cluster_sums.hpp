// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One step of K-Means over points that are never all in one place: blocks of a file, photos one after another, the
/// memories of many machines. Each block adds to the sums, sums merge, and the means are the next centers.
///
///     lloyd::cluster_sums sums;
///     while (const auto block = next_block()) sums.accumulate(*block, centers);
///     centers = sums.means();
///
/// Repeated until nothing moves, that is Lloyd's algorithm, and gives what `kmeans` gives from the same initial centers,
/// as long as no cluster runs empty. (Photos of 8 bits are better clustered by their colours: see
/// color_histogram.hpp.)
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/detail/additive_sums.hpp>
#include <lloyd/detail/inputs.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans.hpp>

namespace lloyd::inline v0 {

/// How to take the points of a block.
struct accumulate_options {
    /// One per point of the block, finite and ≥ 0. Empty: all 1.
    std::span<const double> weights = {};
    /// At least 0; 0 takes all the machine grants. The result does not depend on it.
    int threads = 1;
};

/// The sums that points leave behind when each goes to the nearest of k centers: what the means, the weights and the
/// compactness follow from. All sums of a step are about the same centers. Copies are deep.
///
/// Of 8-bit data with whole weights the numbers are whole and exact up to 2^53 (for photos, some 10^13 pixels), so that
/// no result depends on how points are cut into blocks, or on the order. Others agree within rounding: that of the way
/// from the center, so that the means of a step from far off have fewer digits, and those of the next one all.
template <std::size_t Channels = std::dynamic_extent>
class cluster_sums {
public:
    /// No sums, about no centers yet.
    cluster_sums() = default;

    /// Adds the points of a block: any image of std::uint8_t, std::uint16_t, float or double, which may have none.
    /// `centers` are k×1, of double and as many channels, as for `assign`, and the same for all blocks of a step.
    ///
    /// Throws std::invalid_argument when points, centers or weights are not finite or do not match, when the sums are
    /// about other centers or of 8-bit elements while these are not, and when a sum would exceed the range of double.
    /// An exception leaves the sums as they were. Cost O(points · k · channels), and 4 bytes for each coordinate and label.
    template <any_image Image, any_image Centers>
    void accumulate(const Image& block, const Centers& centers, const accumulate_options& options = {});

    /// Adds the sums of other points, about the same centers. Throws std::invalid_argument when they are about others, or
    /// would exceed the range of double, and leaves these as they were. Cost O(k · channels).
    void merge(const cluster_sums& other);

    /// The mean of each cluster, k×1: the next centers. A cluster without weight keeps the center it was given. Those of
    /// 8-bit data lie on the grid of 2^-16, as in kmeans.
    image<double, Channels> means() const;

    /// Σ weight · squared distance to the nearest of the centers given, in squared units of the data.
    double compactness() const;

    /// The weight that each cluster holds: k numbers, valid until the sums change.
    std::span<const double> weights() const& { return std::span(numbers_).first(layout().clusters); }
    void weights() && = delete;

    /// The centers that the sums are about, k×1; those of 8-bit data on their grid.
    image_view<const double, Channels> centers() const& { return centers_; }
    void centers() && = delete;

    /// All that is summed, as k · (channels + 1) + 1 plain numbers. Those of other points, about the same centers, may be
    /// added to them one by one, by any means: MPI_Allreduce with MPI_SUM, or what was read from a file.
    ///
    /// First the weight of each cluster; then, cluster by cluster and channel by channel, Σ weight · (x − center); last
    /// Σ weight · |x − center|². 8-bit data is summed about the center rounded to a whole number from 0 to 255.
    /// Numbers are in the units of the data, and round as sums of doubles of their size do.
    std::span<double> numbers() & { return numbers_; }
    /// The same, to be read.
    std::span<const double> numbers() const& { return numbers_; }
    void numbers() && = delete;

    /// k, or 0 before anything was accumulated.
    std::ptrdiff_t size() const { return centers_.width(); }
    /// Whether nothing was accumulated, not even a block without points.
    bool empty() const { return size() == 0; }

private:
    cluster_sums(std::span<const double> centers, std::ptrdiff_t channels, bool bytes);

    detail::sums_layout layout() const {
        return {static_cast<std::size_t>(size()), static_cast<std::size_t>(centers_.channels())};
    }
    bool is_about(std::span<const double> centers, std::ptrdiff_t channels, bool bytes) const;
    detail::summed_points summed() const { return {layout(), numbers_, centers_.elements(), origins_, bytes_}; }

    image<double, Channels> centers_;
    std::vector<double> origins_;  ///< what the sums are about
    std::vector<double> numbers_;
    bool bytes_ = false;  ///< of 8-bit elements
};

// Below: how.

template <std::size_t Channels>
cluster_sums<Channels>::cluster_sums(std::span<const double> centers, std::ptrdiff_t channels, bool bytes)
    : centers_(detail::uninitialized, std::ssize(centers) / channels, 1, channels), bytes_(bytes) {
    std::copy(centers.begin(), centers.end(), centers_.data());
    for (const double center : centers) origins_.push_back(detail::origin_of(center, bytes));
    numbers_.resize(layout().size());
}

template <std::size_t Channels>
template <any_image Image, any_image Centers>
void cluster_sums<Channels>::accumulate(const Image& block, const Centers& centers, const accumulate_options& options) {
    using T = value_type_of<Image>;
    constexpr bool bytes = std::is_same_v<T, std::uint8_t>;
    static_assert(detail::is_coordinate<T>,
                  "cluster_sums: elements must be std::uint8_t, std::uint16_t, float or double");
    static_assert(std::is_same_v<value_type_of<Centers>, double>, "cluster_sums: centers must be double");
    const image_view<const T> points = detail::as_view(block);
    const auto channels = points.empty() ? centers.channels() : points.channels();
    if (centers.empty()) detail::refuse("cluster_sums: centers is empty, but needs at least 1 center");
    if (Channels != std::dynamic_extent && channels != static_cast<std::ptrdiff_t>(Channels))
        detail::refuse("cluster_sums: the data has ", channels, " channels, but the sums have ", Channels);
    if (options.threads < 0)
        detail::refuse("cluster_sums: threads is ", options.threads, ", but must be at least 0 (0: all)");
    const auto given = detail::start_centers<T>("cluster_sums", "centers", detail::as_view(centers), channels);
    if (!empty() && bytes != bytes_)
        detail::refuse("cluster_sums: elements have ", 8 * sizeof(T), " bits, but those summed had ",
                       bytes_ ? "8" : "more");
    if (!empty() && !is_about(given.span(), channels, bytes))
        detail::refuse("cluster_sums: centers are not those that the sums are about; each step needs sums of its own");
    const auto unit = detail::check_each_weight("cluster_sums", options.weights, points.size());
    const detail::weighted_pixels<T> weighted("cluster_sums", points, options.weights, unit, given);

    cluster_sums sums(given.span(), channels, bytes);
    const auto set = weighted.points();
    if (!set.pixels.empty())
        detail::sum_block(set, unit.whole, given.span(), sums.origins_, options.threads, sums.numbers_);
    merge(sums);
}

template <std::size_t Channels>
void cluster_sums<Channels>::merge(const cluster_sums& other) {
    if (other.empty()) return;
    if (!empty() && !is_about(other.centers_.elements(), other.centers_.channels(), other.bytes_))
        detail::refuse("cluster_sums: the sums to merge are about other centers, or of other elements");
    auto sum = other;
    for (std::size_t i = 0; i < numbers_.size(); ++i) sum.numbers_[i] += numbers_[i];
    for (std::size_t i = 0; i + 1 < sum.numbers_.size(); ++i)  // the last may be infinite, as compactness may
        if (!detail::is_finite(sum.numbers_[i]))
            detail::refuse("cluster_sums: numbers[", i, "] is ", sum.numbers_[i],
                           ", but must be finite; scale data or weights down");
    *this = std::move(sum);
}

template <std::size_t Channels>
bool cluster_sums<Channels>::is_about(std::span<const double> centers, std::ptrdiff_t channels, bool bytes) const {
    const auto mine = centers_.elements();
    return bytes == bytes_ && channels == centers_.channels() &&
           std::equal(centers.begin(), centers.end(), mine.begin(), mine.end());
}

template <std::size_t Channels>
image<double, Channels> cluster_sums<Channels>::means() const {
    auto means = centers_;
    detail::write_means(summed(), means.elements());
    return means;
}

template <std::size_t Channels>
double cluster_sums<Channels>::compactness() const {
    return empty() ? 0 : detail::compactness_of(summed());
}

}  // namespace lloyd::inline v0
