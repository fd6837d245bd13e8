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

/// Of all windows on a grid, some 90 pixels wide and of the picture's proportions, the one with the most edges.
window busiest_window(const gray_image& edges) {
    const auto width = std::min<std::ptrdiff_t>(edges.width(), 90);
    const auto height = std::clamp<std::ptrdiff_t>(width * edges.height() / edges.width(), 1, edges.height());
    window best{0, 0, width, height};
    std::ptrdiff_t most = -1;
    for (std::ptrdiff_t y = 0; y + height <= edges.height(); y += std::max<std::ptrdiff_t>(height / 2, 1))
        for (std::ptrdiff_t x = 0; x + width <= edges.width(); x += std::max<std::ptrdiff_t>(width / 2, 1)) {
            std::ptrdiff_t count = 0;
            for (std::ptrdiff_t row = y; row < y + height; ++row)
                count += std::ranges::count(
                    edges.row(row).subspan(static_cast<std::size_t>(x), static_cast<std::size_t>(width)), 255);
            if (count <= most) continue;
            most = count;
            best = {x, y, width, height};
        }
    return best;
}

/// The magnitude that half a percent of the pixels exceed: it is shown white.
double white_level(const lloyd::sobel_gradient& gradient) {
    std::vector<std::ptrdiff_t> counts(2041);
    for (const auto magnitude : gradient.magnitude.elements()) ++counts[static_cast<std::size_t>(magnitude)];
    std::ptrdiff_t left = gradient.magnitude.size() / 200;
    std::size_t level = counts.size() - 1;
    while (level > 1 && (left -= counts[level]) >= 0) --level;
    return static_cast<double>(level);
}

rgb_image from_hsv(rgb_image hsv) {
    lloyd::hsv_to_rgb(hsv, hsv);
    return hsv;
}

/// How steep, as brightness, and which way it grows brighter, as hue. Off the ridges, where `magnitude` is 0, black.
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

/// The pictures of the stages: all of each, and a part of it so large that its pixels can be seen.
class stage_strip {
public:
    stage_strip(page& to, window detail) : to_(to), detail_(detail) {}

    void add(const rgb_image& picture, std::string_view name, std::string_view what, std::string_view caption,
             bool is_of_lines = false) const {
        const auto factor = web::shrinking(picture.width(), picture.height(), longest_side);
        const auto all = web::shrunk(picture, longest_side, is_of_lines ? factor : 1);
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
    /// A frame around the part that is enlarged beside.
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

/// White lines on dark colours and black ones on bright colours, each as visible as the edge it stands for.
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
    const auto factor = web::shrinking(edges.width(), edges.height(), longest_side);
    const auto drawing = drawn_over(web::shrunk(segments, longest_side), web::shrunk(edges, longest_side, factor));
    to.section("together", "Colours and edges together");
    to.add("<p>Segments say what belongs together, edges say where something ends. They know nothing of each other: "
           "colours "
           "were compared without a look at where they are, and edges were found in gray.</p>\n");
    to.add(figure(
        image_tag(lloyd::image<std::uint8_t>(drawing), "Edges drawn as thin lines over the photo in five colours"),
        "The edges over the photo in five colours", "hero"));
}

}  // namespace

void tell_edges(page& to, const told_photo& photo, const rgb_image& segments) {
    const auto gray = with_time([&] { return lloyd::rgb_to_gray(photo.picture); });
    const auto smooth = with_time([&] { return lloyd::gaussian_blur(gray.value, 5, 1.4); });
    const auto gradient = with_time([&] { return lloyd::sobel(smooth.value, 3, lloyd::gradient_norm::l1); });
    const auto [low, high] = lloyd::thresholds_from_otsu(gradient.value);
    const auto ridges = with_time([&] { return lloyd::suppress_non_maxima(gradient.value); });
    const auto strength = with_time([&] { return lloyd::double_threshold(ridges.value, low, high); });
    const auto edges = with_time([&] { return lloyd::hysteresis(strength.value); });
    const auto at_once = with_time([&] { return lloyd::canny(gray.value, low, high, {.threads = 0}); });
    const auto white = white_level(gradient.value);

    to.section("edges", "Edges, in five stages");
    to.add("<p>An edge is where brightness changes quickly. Canny (1986) finds such places in five stages and draws "
           "each as "
           "a line of one pixel's width. It begins with the photo in gray (" +
           duration(gray.milliseconds) +
           "). The right half of each picture shows the marked part of the left one, pixel by pixel.</p>\n");
    const stage_strip strip(to, busiest_window(edges.value));
    strip.add(to_rgb(gray.value), "Before: gray", "The photo in gray", "What the stages begin with");
    strip.add(to_rgb(smooth.value), "1. Blur", "The photo in gray, blurred",
              "Each pixel becomes a mean of its neighbours, so that noise draws no edges. " +
                  duration(smooth.milliseconds));
    strip.add(gradient_picture(gradient.value, gradient.value.magnitude, white), "2. Gradient", "The gradient",
              "How quickly brightness changes, as brightness, and in which direction it grows, as colour. " +
                  duration(gradient.milliseconds));
    strip.add(gradient_picture(gradient.value, ridges.value.magnitude, white), "3. Thin", "The ridges of the gradient",
              "Only what is steeper than its two neighbours across the edge is left: lines of one pixel. " +
                  duration(ridges.milliseconds),
              true);
    strip.add(strength_picture(strength.value), "4. Two thresholds", "Strong ridges in white, weak ones in orange",
              "White is steeper than " + fixed(high, 0) + ", certainly an edge; orange is steeper than " +
                  fixed(low, 0) + ", perhaps one. The numbers are Otsu's, for this photo. " +
                  duration(strength.milliseconds),
              true);
    strip.add(to_rgb(edges.value), "5. Trace", "The edges, white on black",
              "What is perhaps an edge counts if it hangs together with one that certainly is. " +
                  duration(edges.milliseconds),
              true);
    to.add("<p>Stage by stage that is " +
           duration(smooth.milliseconds + gradient.milliseconds + ridges.milliseconds + strength.milliseconds +
                    edges.milliseconds) +
           "; all five in one call, <code>canny</code>, row by row and without the pictures in between, " +
           duration(at_once.milliseconds) + ".</p>\n");
    tell_edges_over(to, segments, at_once.value);
}

}  // namespace gallery
