// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Reduces pictures, and embeds them in a page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <lloyd/image.hpp>

namespace web {

/// The picture, reduced so that no side is longer than `longest`. A smaller picture is copied. Each pixel is the mean of
/// the area that it covers.
template <std::size_t Channels>
lloyd::image<std::uint8_t, Channels> shrunk(const lloyd::image<std::uint8_t, Channels>& picture,
                                            std::ptrdiff_t longest);

/// The same size for lines on black, which means would make faint: each channel of a pixel is the largest of the pixels
/// that it stands for.
template <std::size_t Channels>
lloyd::image<std::uint8_t, Channels> shrunk_lines(const lloyd::image<std::uint8_t, Channels>& picture,
                                                  std::ptrdiff_t longest);

/// Base64 of RFC 4648, with padding.
std::string base64(std::span<const std::uint8_t> bytes);

/// The picture as the URI of a PNG.
std::string png_uri(const lloyd::image<std::uint8_t>& picture);

/// The picture as a URI for an <img>: a PNG, or a JPEG if that is shorter.
std::string data_uri(const lloyd::image<std::uint8_t>& picture);

}  // namespace web
