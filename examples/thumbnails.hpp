// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Pictures made small, and written into the page that shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <lloyd/image.hpp>

namespace web {

/// The picture with neither side longer than `longest`; one that is no longer is copied. Each pixel is the mean of what
/// it covers, parts of pixels for their part, times `gain`, and at most 255. Lines of one pixel fade as they are made
/// small: a gain of shrinking(picture, longest) keeps them.
template <std::size_t Channels>
lloyd::image<std::uint8_t, Channels> shrunk(const lloyd::image<std::uint8_t, Channels>& picture, std::ptrdiff_t longest,
                                            double gain = 1);

/// How many times as wide and high the picture is as after `shrunk`: at least 1.
double shrinking(std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t longest);

/// As RFC 4648 has it, with padding.
std::string base64(std::span<const std::uint8_t> bytes);

/// The picture as text that an <img> can show: a PNG, or a JPEG when that is the shorter.
std::string data_uri(const lloyd::image<std::uint8_t>& picture);

}  // namespace web
