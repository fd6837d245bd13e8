// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A page that explains step by step the colours and edges of a photo.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include <lloyd/image.hpp>

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
};

/// The whole page, from the photo to edges over its segments.
/// Throws std::invalid_argument if fewer than 10 pixels are visible, as the elbow does.
std::string tell(const told_photo& photo);

/// Adds the five stages of Canny, and the edges over a picture in few colours. The second half of `tell`.
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
