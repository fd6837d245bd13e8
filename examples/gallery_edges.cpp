// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>

#include "gallery_story.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

/// A part of a picture.
struct window {
    std::ptrdiff_t x, y, width, height;
};

/// The strength of the edges in a window: the sum of their squared magnitudes, so that one clear edge counts more than
/// much texture.
double strength_of(const gray_image& edges, const lloyd::image<std::int32_t, 1>& magnitude, window part) {
    double sum = 0;
    for (auto y = part.y; y < part.y + part.height; ++y)
        for (auto x = part.x; x < part.x + part.width; ++x)
            if (edges(x, y)[0] != 0) sum += std::pow(magnitude(x, y)[0], 2);
    return sum;
}

/// The window with the strongest edges, of all windows on a grid. They have the proportions of the picture, but are at
/// most 360 pixels high, so that single pixels are visible.
window busiest_window(const gray_image& edges, const lloyd::image<std::int32_t, 1>& magnitude) {
    const auto width = std::min(edges.width(), std::clamp<std::ptrdiff_t>(edges.width() / 24, 90, 180));
    const auto highest = std::min<std::ptrdiff_t>(edges.height(), 360);
    const auto height = std::clamp<std::ptrdiff_t>(width * edges.height() / edges.width(), 1, highest);
    const auto right = std::max<std::ptrdiff_t>(width / 2, 1), down = std::max<std::ptrdiff_t>(height / 2, 1);
    window best{0, 0, width, height};
    double most = 0;
    for (std::ptrdiff_t y = 0; y + height <= edges.height(); y += down)
        for (std::ptrdiff_t x = 0; x + width <= edges.width(); x += right) {
            const window part{x, y, width, height};
            const auto strength = strength_of(edges, magnitude, part);
            if (strength > most) best = part;
            most = std::max(most, strength);
        }
    return best;
}

/// The smallest magnitude that at most one pixel in `many` exceeds; at least 1.
int exceeded_by_one_in(std::ptrdiff_t many, const lloyd::sobel_gradient& gradient) {
    std::vector<std::ptrdiff_t> counts(2041);
    for (const auto magnitude : gradient.magnitude.elements()) ++counts[static_cast<std::size_t>(magnitude)];
    auto left = gradient.magnitude.size() / many;
    auto level = counts.size() - 1;
    while (level > 1 && counts[level] <= left) left -= counts[level--];
    return static_cast<int>(level);
}

rgb_image from_hsv(rgb_image hsv) {
    lloyd::hsv_to_rgb(hsv, hsv);
    return hsv;
}

/// The magnitude of the gradient as brightness and its direction as hue. Black where `magnitude` is 0.
rgb_image gradient_picture(const lloyd::sobel_gradient& gradient, const lloyd::image<std::int32_t, 1>& magnitude,
                           double white) {
    rgb_image hsv(magnitude.width(), magnitude.height());
    const auto dx = gradient.dx.elements(), dy = gradient.dy.elements();
    const auto steep = magnitude.elements();
    auto to = hsv.elements();
    for (std::size_t i = 0; i < steep.size(); ++i) {
        if (steep[i] == 0) continue;
        const auto half_turns =
            std::atan2(static_cast<float>(-dy[i]), static_cast<float>(dx[i])) / std::numbers::pi_v<float>;
        to[3 * i] = static_cast<std::uint8_t>(static_cast<int>(90 * half_turns + 180.5F) % 180);
        to[3 * i + 1] = 150;
        to[3 * i + 2] = static_cast<std::uint8_t>(std::min(255 * steep[i] / white, 255.0));
    }
    return from_hsv(std::move(hsv));
}

/// Strong ridges white, weak ones orange.
rgb_image strength_picture(const gray_image& strength) {
    constexpr std::array<std::array<std::uint8_t, 3>, 3> paints{{{0, 0, 0}, {230, 120, 30}, {255, 255, 255}}};
    rgb_image picture(strength.width(), strength.height());
    auto to = picture.elements().begin();
    for (const auto one : strength.elements()) to = std::ranges::copy(paints[one], to).out;
    return picture;
}

rgb_image to_rgb(const gray_image& gray) { return lloyd::select_channels<0, 0, 0>(gray); }

/// The gain that keeps lines of one pixel visible and separate in a reduced picture.
double gain_of_lines(std::ptrdiff_t width, std::ptrdiff_t height) {
    return std::max(0.6 * web::shrinking(width, height, longest_side), 1.0);
}

/// The pictures of the stages: each one entire, and beside it a part, enlarged so that its pixels are visible.
class stage_strip {
public:
    stage_strip(page& to, window detail) : to_(to), detail_(detail) {}

    void add(const rgb_image& picture, std::string_view name, std::string_view what, std::string_view caption,
             bool is_of_lines = false) const {
        const auto gain = is_of_lines ? gain_of_lines(picture.width(), picture.height()) : 1;
        const auto all = web::shrunk(picture, longest_side, gain);
        const rgb_image part(picture.crop(detail_.x, detail_.y, detail_.width, detail_.height));
        const auto content =
            "<div class=\"two\">\n<div class=\"whole\">" +
            image_tag(lloyd::image<std::uint8_t>(all), std::string(what) + ": the whole picture") + mark(picture) +
            "</div>\n" +
            image_tag(lloyd::image<std::uint8_t>(part), std::string(what) + ": the marked part, enlarged", "pixels") +
            "</div>";
        to_.add("<h3>" + std::string(name) + "</h3>\n" + figure(content, caption, "stage"));
    }

private:
    /// A frame around the part that is enlarged.
    std::string mark(const rgb_image& picture) const {
        const auto percent = [](std::ptrdiff_t part, std::ptrdiff_t whole) {
            return fixed(100 * static_cast<double>(part) / static_cast<double>(whole), 2) + "%";
        };
        return "<i class=\"mark\" style=\"left:" + percent(detail_.x, picture.width()) +
               ";top:" + percent(detail_.y, picture.height()) + ";width:" + percent(detail_.width, picture.width()) +
               ";height:" + percent(detail_.height, picture.height()) + "\"></i>";
    }

    page& to_;
    window detail_;
};

/// Draws lines over a picture: white on dark colours, black on bright ones. A pixel of `lines` is the opacity, 0 to 255.
rgb_image drawn_over(rgb_image picture, const gray_image& lines) {
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y)
        for (std::ptrdiff_t x = 0; x < picture.width(); ++x) {
            const auto pixel = picture(x, y);
            const int ink = 3 * pixel[0] + 6 * pixel[1] + pixel[2] > 1100 ? 0 : 255, cover = lines(x, y)[0];
            for (auto& channel : pixel)
                channel = static_cast<std::uint8_t>((ink * cover + channel * (255 - cover) + 127) / 255);
        }
    return picture;
}

void tell_edges_over(page& to, const rgb_image& segments, const gray_image& edges) {
    const auto gain = gain_of_lines(edges.width(), edges.height());
    const auto drawing = drawn_over(web::shrunk(segments, longest_side), web::shrunk(edges, longest_side, gain));
    to.section("together", "Colours and edges together");
    to.add(
        "<p>Segments show which pixels have similar colours. Edges show where brightness changes. The two are computed "
        "independently: segments do not use the positions of pixels, and edges use gray only.</p>\n");
    to.add(figure(
        image_tag(lloyd::image<std::uint8_t>(drawing), "Edges drawn as thin lines over the photo in five colours"),
        "The edges over the photo in five colours", "hero"));
}

}  // namespace

void tell_edges(page& to, const told_photo& photo, const rgb_image& segments) {
    const auto gray = with_time([&] { return lloyd::rgb_to_gray(photo.picture); });
    const auto smooth = with_time([&] { return lloyd::gaussian_blur(gray.value, 5, 1.4); });
    const auto gradient = with_time([&] { return lloyd::sobel(smooth.value, 3, lloyd::gradient_norm::l1); });
    const int high = exceeded_by_one_in(20, gradient.value), low = high / 2;
    const auto ridges = with_time([&] { return lloyd::suppress_non_maxima(gradient.value); });
    const auto strength = with_time([&] { return lloyd::double_threshold(ridges.value, low, high); });
    const auto edges = with_time([&] { return lloyd::hysteresis(strength.value); });
    const auto at_once = with_time([&] { return lloyd::canny(gray.value, low, high, {.threads = 0}); });
    const double white = exceeded_by_one_in(200, gradient.value);

    to.section("edges", "Edges, in five stages");
    to.add("<p>An edge is where brightness changes quickly. Canny (1986) finds such places in five stages and draws "
           "lines that are one pixel wide. It begins with the photo in gray (" +
           duration(gray.milliseconds) + "). The marked part of each picture is enlarged beside it.</p>\n");
    const stage_strip strip(to, busiest_window(edges.value, gradient.value.magnitude));
    strip.add(to_rgb(gray.value), "Before: gray", "The photo in gray", "The input of the five stages");
    strip.add(to_rgb(smooth.value), "1. Blur", "The photo in gray, blurred",
              "Each pixel becomes a mean of its neighbours, so that noise causes no edges. " +
                  duration(smooth.milliseconds));
    strip.add(gradient_picture(gradient.value, gradient.value.magnitude, white), "2. Gradient", "The gradient",
              "Brightness here shows how quickly brightness changes in the photo. Colour shows in which direction it "
              "grows. " +
                  duration(gradient.milliseconds));
    strip.add(
        gradient_picture(gradient.value, ridges.value.magnitude, white), "3. Thin", "The ridges of the gradient",
        "Only pixels with a larger gradient than their two neighbours across the edge remain: lines one pixel wide. " +
            duration(ridges.milliseconds),
        true);
    strip.add(strength_picture(strength.value), "4. Two thresholds", "Strong ridges in white, weak ones in orange",
              "White pixels have a gradient above " + std::to_string(high) +
                  ", as one pixel in twenty has. They are edges. Orange pixels have one above " + std::to_string(low) +
                  ". They may be edges. The largest possible gradient is 2040. " + duration(strength.milliseconds),
              true);
    strip.add(to_rgb(edges.value), "5. Trace", "The edges, white on black",
              "An orange pixel is an edge if it is connected to a white one. " + duration(edges.milliseconds), true);
    to.add("<p>The five stages take " +
           duration(smooth.milliseconds + gradient.milliseconds + ridges.milliseconds + strength.milliseconds +
                    edges.milliseconds) +
           ". One call of <code>canny</code> does all five, row by row and without intermediate pictures, in " +
           duration(at_once.milliseconds) + ".</p>\n");
    tell_edges_over(to, segments, at_once.value);
}

}  // namespace gallery
