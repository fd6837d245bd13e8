// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "visible_pixels.hpp"

#include <algorithm>
#include <utility>

#include "program.hpp"

namespace pictures {

using u8 = std::uint8_t;

visible_pixels::visible_pixels(const lloyd::image<u8>& picture) : alpha_(io::alpha_of(picture)) {
    const auto alpha = alpha_.elements();
    const auto hidden = std::ranges::count(alpha, u8{0});
    if (hidden == 0) {
        colors_ = io::to_rgb(picture);
        return;
    }
    colors_ = rgb_image(picture.size() - hidden, picture.size() > hidden ? 1 : 0);
    const auto channels = static_cast<std::size_t>(picture.channels());
    auto to = colors_.elements().begin();
    for (std::size_t i = 0; i < alpha.size(); ++i) {
        if (alpha[i] == 0) continue;
        const auto pixel = picture.elements().subspan(i * channels, channels);
        for (std::size_t c = 0; c < 3; ++c) *to++ = pixel[channels == 4 ? c : 0];
    }
}

lloyd::image<u8> visible_pixels::painted(rgb_image colors) const {
    if (alpha_.empty()) return lloyd::image<u8>(std::move(colors));
    lloyd::image<u8> result(alpha_.width(), alpha_.height(), 4);
    auto from = colors.elements().begin();
    auto to = result.elements().begin();
    for (const u8 alpha : alpha_.elements()) {
        if (alpha == 0) {
            to = std::ranges::fill_n(to, 3, u8{255});
        } else {
            to = std::copy_n(from, 3, to);
            from += 3;
        }
        *to++ = alpha;
    }
    return result;
}

lloyd::image<std::int32_t, 1> visible_pixels::placed(const lloyd::image<u8, 1>& labels) const {
    const bool opaque = alpha_.empty();
    lloyd::image<std::int32_t, 1> result(opaque ? labels.width() : alpha_.width(),
                                         opaque ? labels.height() : alpha_.height());
    auto from = labels.elements().begin();
    for (std::size_t i = 0; i < result.elements().size(); ++i)
        result.elements()[i] = !opaque && alpha_.elements()[i] == 0 ? -1 : *from++;
    return result;
}

visible_pixels read_visible(const std::filesystem::path& path, int megapixels) {
    visible_pixels pixels(io::read(path, megapixels));
    require_visible(pixels, path);
    return pixels;
}

void require_visible(const visible_pixels& pixels, const std::filesystem::path& path) {
    if (pixels.colors().empty()) refuse_invisible(path);
}

void refuse_invisible(const std::filesystem::path& path) {
    throw cli::failure(cli::unreadable, "cannot take colours from " + cli::given(path) +
                                            ": it is completely transparent; save it without its alpha channel");
}

rgb_image on_white(const lloyd::image<u8>& picture) {
    auto colors = io::to_rgb(picture);
    const auto alpha = io::alpha_of(picture);
    auto channel = colors.elements().begin();
    for (const int cover : alpha.elements())
        for (int c = 0; c < 3; ++c, ++channel)
            *channel = static_cast<u8>((*channel * cover + 255 * (255 - cover) + 127) / 255);
    return colors;
}

}  // namespace pictures
