// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Everything: segment images by colour with K-Means, choose how many colours, find regions and outlines, and find
/// edges.
/// @file
#pragma once

#include <lloyd/canny.hpp>
#include <lloyd/cluster_sums.hpp>
#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/cpu.hpp>
#include <lloyd/dither.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/filter.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/kmeans_options.hpp>
#include <lloyd/knee.hpp>
#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>
#include <lloyd/version.hpp>
