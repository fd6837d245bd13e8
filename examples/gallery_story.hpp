// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A page that explains step by step the colours and edges of a photo.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <lloyd/color_histogram.hpp>
#include <lloyd/image.hpp>
#include <lloyd/segment_options.hpp>

#include "gallery_page.hpp"
#include "visible_pixels.hpp"

namespace gallery {

using rgb_image = lloyd::image<std::uint8_t, 3>;
using gray_image = lloyd::image<std::uint8_t, 1>;

struct told_photo {
    const rgb_image& picture;                ///< as it looks on white
    const pictures::visible_pixels& pixels;  ///< the pixels to cluster
    std::string name;                        ///< name of its file
    std::string credit = {};                 ///< its author and licence; empty for photos of the user
    double reading_milliseconds = 0;
    std::uint64_t seed = 0;
    std::string docs = {};  ///< the way from the page to the docs, with a slash at its end; empty for no links
    std::function<void(double, const char*)> show = {};  ///< is called with the share that is done and what comes next
};

/// The whole page, from the photo to edges over its segments.
/// Throws std::invalid_argument if fewer than 10 pixels are visible, as the elbow does.
std::string tell(const told_photo& photo);

// The parts of `tell`, one section each.

/// Adds the colours of a photo of this name as a cloud, in which the reader sees its segments.
void tell_cloud(page& to, const std::string& name, const lloyd::color_histogram<3>& colors,
                const lloyd::segmentation& segments);

/// Adds the curve of WCSS, what four methods suggest, and the photo in as many colours as the reader chooses.
void tell_elbow(page& to, const told_photo& photo);

/// Adds the regions of segments, before and after small ones are merged, and their shapes.
void tell_regions(page& to, const told_photo& photo, const lloyd::segmentation& segments);

/// Adds the five stages of Canny, and the edges over a picture in few colours.
void tell_edges(page& to, const told_photo& photo, const rgb_image& segments);

/// The largest width and height of pictures on the page, in pixels.
inline constexpr std::ptrdiff_t longest_side = 900;

/// The result of a computation, and its time.
template <class Result>
struct timed {
    Result value;
    double milliseconds;
};

template <class Work>
auto with_time(Work work) {
    const auto start = std::chrono::steady_clock::now();
    auto value = work();
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    return timed<decltype(value)>{std::move(value), time.count()};
}

}  // namespace gallery
