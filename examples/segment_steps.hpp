// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps that `segment`, `vectorize` and `film` share: reading a picture with the weights of its pixels, painting, printing.
#pragma once

#include <cstdint>
#include <filesystem>

#include <lloyd/image.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "pictures.hpp"
#include "report.hpp"

namespace segment_steps {

/// Whether the alpha channel of a picture says how much each pixel counts, plays no part, or cuts out the pixels below 128
/// while the others count fully.
enum class alpha_use { weigh, ignore, cut };

/// Declares the option --space.
void declare_space(cli::command_line& line, lloyd::color_space& space);

/// Declares the options --space and --alpha. The words of --alpha are weigh and ignore; cut and ignore if `alpha` is cut.
void declare(cli::command_line& line, lloyd::color_space& space, alpha_use& alpha);

/// A picture with the weights of its pixels.
struct weighted_picture {
    pictures::rgb_image colors;
    lloyd::image<std::uint8_t, 1> alpha;    ///< empty if there is none; 0 or 255 if alpha cuts
    lloyd::image<std::uint8_t, 1> weights;  ///< 255 for a pixel that counts fully; empty if all do
    bool hides = false;                     ///< whether pixels with an alpha of 0 are invisible
};

/// Reads the picture of a file. If alpha weighs or cuts, it is the weights. Throws cli::failure (unreadable) as io::read
/// does, and if no pixel counts.
weighted_picture read(const std::filesystem::path& path, int megapixels, alpha_use use);

/// Multiplies the weights by the levels of a gray picture of the same size: (a·m + 127) / 255 for weights a and levels m.
/// Throws cli::failure, (unreadable) as io::read does and for a mask that is not gray, (usage) for one of another size and
/// if no pixel counts then.
void apply_mask(weighted_picture& picture, const std::filesystem::path& path, int megapixels);

/// The picture in the colours of its segments: RGB, or RGBA if it has alpha. Invisible pixels are white.
lloyd::image<std::uint8_t> painted(const weighted_picture& picture, const lloyd::segmentation& segments);

}  // namespace segment_steps
