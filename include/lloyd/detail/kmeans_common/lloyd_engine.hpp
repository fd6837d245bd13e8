// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over some points, which attempts.hpp calls in turn. lloyd_on_points goes through all
/// points; lloyd_on_colors takes boxes of an octree at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Centers are k × channels numbers in the scale of the points as read.
class lloyd_engine {
public:
    /// Starts an attempt.
    virtual void begin() = 0;
    /// `count` first centers: the fixed ones, and others drawn by D² (k-means++) or at random.
    virtual buffer<double> seed(std::ptrdiff_t count, bool by_distance, random_stream random,
                                std::span<const double> fixed) = 0;
    /// Finds the nearest center of each point, and sums up each cluster.
    virtual void assign(const buffer<double>& centers) = 0;
    /// The same where no step follows: afterwards no means are asked for, but the compactness with these centers is.
    virtual void assign_last(const buffer<double>& centers) { assign(centers); }
    /// Whether the last assign changed no label.
    virtual bool settled() const = 0;
    /// The weight of cluster j as of the last assign.
    virtual double weight(std::ptrdiff_t j) const = 0;
    /// Writes the mean of cluster j, which has weight.
    virtual void mean(std::ptrdiff_t j, double* to) const = 0;
    /// Σ weight · squared distance to the nearest center, as of the last assign, which had these centers.
    virtual double compactness(const buffer<double>& centers) = 0;
    /// The labels as of the last assign, which had these centers.
    virtual image<std::int32_t, 1> labels(const buffer<double>& centers) const = 0;
    /// Moves the labels out at the end of an attempt, or gives an empty image, where they are cheaper to find from the
    /// centers.
    virtual image<std::int32_t, 1> take_labels() = 0;

    lloyd_engine() = default;
    lloyd_engine(const lloyd_engine&) = delete;
    lloyd_engine& operator=(const lloyd_engine&) = delete;
    virtual ~lloyd_engine() = default;
};

}  // namespace lloyd::inline v0::detail
