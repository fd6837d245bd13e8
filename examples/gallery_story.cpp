// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "gallery_story.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <thread>
#include <vector>

#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/segment.hpp>
#include <lloyd/version.hpp>

#include "pictures.hpp"
#include "svg.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

using svg::escaped;

constexpr int told_k = 5;  // the number of colours that the cloud and the edges use too

std::string shown(const rgb_image& picture, std::string_view alt) {
    return image_tag(lloyd::image<std::uint8_t>(web::shrunk(picture, longest_side)), alt);
}

std::string shown(const gray_image& picture, std::string_view alt) {
    return image_tag(lloyd::image<std::uint8_t>(web::shrunk(picture, longest_side)), alt);
}

std::string shown_often(std::string_view id, const rgb_image& picture, std::string_view alt) {
    const lloyd::image<std::uint8_t> small_one(web::shrunk(picture, longest_side));
    return shared_picture(id, small_one, picture.width(), picture.height(), alt);
}

// 1: the photo

void tell_photo(page& to, const told_photo& photo, const timed<lloyd::color_histogram<3>>& colors) {
    const auto& picture = photo.picture;
    const auto pixels = static_cast<double>(photo.pixels.colors().size()),
               distinct = static_cast<double>(colors.value.size());
    to.section("photo", "The photo");
    to.add("<div class=\"opening\">\n" +
           figure(shown_often("original", picture, "The photo, as it is"),
                  "<b>" + escaped(photo.name) + "</b>, " + grouped(picture.width()) + " × " +
                      grouped(picture.height()) + " pixels" + (photo.credit.empty() ? "" : ". ") + photo.credit,
                  "hero"));
    to.add("<dl class=\"facts\">\n<div><dt>pixels</dt><dd>" + grouped(picture.size()) +
           "</dd></div>\n<div><dt>different colours</dt><dd>" + grouped(colors.value.size()) +
           "</dd></div>\n<div><dt>pixels per colour</dt><dd>" +
           fixed(pixels / distinct, pixels < 20 * distinct ? 1 : 0) + "</dd></div>\n<div><dt>read in</dt><dd>" +
           duration(photo.reading_milliseconds) + "</dd></div>\n<div><dt>colours counted in</dt><dd>" +
           duration(colors.milliseconds) + "</dd></div>\n</dl>\n</div>\n");
    to.add(
        "<p>A pixel is three numbers from 0 to 255: the amounts of red, green and blue. Colours repeat, and the steps "
        "below depend on colours alone. So they are computed once per colour, weighted by how often it occurs, and "
        "not once per pixel. The answer is the same, but it comes sooner.</p>\n");
}

// 3: HSV

void tell_hsv(page& to, const rgb_image& photo) {
    const auto hsv = with_time([&] { return lloyd::rgb_to_hsv(photo); });
    to.section("hsv", "Hue, saturation, value");
    to.add(
        "<p>A colour has another description, which is closer to how people speak of colour: which colour it is (hue), "
        "how strong it is (saturation), and how bright it is (value). All pixels were converted in " +
        duration(hsv.milliseconds) + ".</p>\n<div class=\"three\">\n");
    to.add(
        figure(shown(pictures::hue_picture(hsv.value), "The hue of each pixel as a pure colour"),
               "<b>Hue</b> as a pure colour. Near gray, black and white there is hardly any colour, and hue is mostly "
               "noise."));
    to.add(figure(shown(lloyd::select_channels<1>(hsv.value), "The saturation of each pixel, white where it is strong"),
                  "<b>Saturation</b>: black is gray, white is as strong as that colour can be."));
    to.add(figure(shown(lloyd::select_channels<2>(hsv.value), "The value of each pixel, white where it is bright"),
                  "<b>Value</b>: the largest of red, green and blue."));
    to.add("</div>\n");
    to.code("hsv", "color.md");
}

// 4: segments

std::string palette_of(const lloyd::segmentation& segments) {
    std::string bar = "<div class=\"shares\" aria-hidden=\"true\">", list = "<ul class=\"palette\">\n";
    for (std::ptrdiff_t j = 0; j < segments.palette.width(); ++j) {
        const auto color = hex_of(segments.palette(j, 0));
        const auto share = 100 * segments.shares[static_cast<std::size_t>(j)];
        bar += "<i style=\"background:" + color + ";flex-grow:" + fixed(share, 2) + "\"></i>";
        list +=
            "<li><i style=\"background:" + color + "\"></i><code>" + color + "</code> " + fixed(share, 1) + " %</li>\n";
    }
    return bar + "</div>\n" + list + "</ul>";
}

struct painted {
    lloyd::segmentation segments;
    rgb_image picture;
};

timed<painted> paint(const told_photo& photo, int k, lloyd::color_space space) {
    auto result = with_time([&] {
        auto segments = lloyd::segment(photo.pixels.colors(), k,
                                       {.space = space, .kmeans = {.attempts = 5, .seed = photo.seed, .threads = 0}});
        auto picture = lloyd::recolor(segments.labels, segments.palette);
        return painted{std::move(segments), std::move(picture)};
    });
    result.value.picture = pictures::on_white(photo.pixels.painted(std::move(result.value.picture)));
    return result;
}

std::string segments_figure(const timed<painted>& result, std::string_view space, std::string_view id = {}) {
    const auto k = std::to_string(result.value.segments.palette.width());
    const auto& segments = result.value.segments;
    const auto alt = "The photo in " + k + " colours, compared in " + std::string(space);
    return figure((id.empty() ? shown(result.value.picture, alt) : shown_often(id, result.value.picture, alt)) + "\n" +
                      palette_of(segments),
                  "compared in <b>" + std::string(space) + "</b>: " + duration(result.milliseconds) +
                      ", the best of 5 attempts took " + std::to_string(segments.iterations) + " iterations");
}

/// Shows segments for three K in three spaces. Returns the segments in RGB that later sections use.
timed<painted> tell_segments(page& to, const told_photo& photo, timed<painted> told) {
    to.section("segments", "In three, five and seven colours");
    to.add(
        "<p>K-Means begins with K colours of the photo and repeats two steps: every colour joins the nearest center; "
        "every center moves to the mean of its colours. It stops when no colour changes its center. Each pixel below "
        "has the mean colour of its group, which shows its <dfn>segment</dfn>. Below each picture are its colours, "
        "from the most frequent to the rarest.</p>\n"
        "<p>Beside the original, for the first picture of each K, distances are measured in RGB, the cube above. For "
        "the second, they are "
        "measured in the cone of HSV, where hue counts most, except for pale colours. For the third, they are measured "
        "in OKLab, where equal distances look about equally large to the eye.</p>\n");
    const window all{0, 0, photo.picture.width(), photo.picture.height()};
    for (const int k : {3, told_k, 7}) {
        to.add("<div class=\"step\">\n<h3>K = " + std::to_string(k) + "</h3>\n<div class=\"four\">\n");
        to.add(figure(same_picture("original", all, "The photo, to compare with"), "the <b>original</b>"));
        to.add(k == told_k ? segments_figure(told, "RGB", "told-segments")
                           : segments_figure(paint(photo, k, lloyd::color_space::rgb), "RGB"));
        to.add(segments_figure(paint(photo, k, lloyd::color_space::hsv_cone), "the cone of HSV"));
        to.add(segments_figure(paint(photo, k, lloyd::color_space::oklab), "OKLab"));
        to.add("</div>\n</div>\n");
    }
    to.code("segments", "clustering.md");
    return told;
}

}  // namespace

std::string tell(const told_photo& photo) {
    page result("One photo, step by step",
                "How " + photo.name +
                    " is segmented by colour, and where its edges are: every step of lloyd, with its time "
                    "on this machine.",
                photo.docs);
    const auto show = [&](double share, const char* section) {
        if (photo.show) photo.show(share, section);
    };
    show(0, "colours");
    const auto colors = with_time([&] { return lloyd::color_histogram<3>(photo.pixels.colors()); });
    auto told = paint(photo, told_k, lloyd::color_space::rgb);
    tell_photo(result, photo, colors);
    tell_cloud(result, photo.name, colors.value, told.value.segments);
    show(0.1, "hue, saturation, value");
    tell_hsv(result, photo.picture);
    show(0.2, "segments");
    told = tell_segments(result, photo, std::move(told));
    show(0.5, "elbow");
    tell_elbow(result, photo);
    show(0.7, "regions");
    tell_regions(result, photo, told.value.segments);
    show(0.85, "edges");
    tell_edges(result, photo, told.value.picture);
    result.footer(
        "<p>Written by <code>gallery</code> of lloyd " + std::to_string(LLOYD_VERSION_MAJOR) + "." +
        std::to_string(LLOYD_VERSION_MINOR) + "." + std::to_string(LLOYD_VERSION_PATCH) +
        ". All pictures were computed in full size and then reduced for this page. Times are of one run, on " +
        std::to_string(std::max(std::thread::hardware_concurrency(), 1u)) +
        " threads where a step takes threads.</p>\n" +
        (photo.credit.empty() ? "" : "<p>" + photo.credit + ". Every picture on this page is made from it.</p>\n"));
    return result.str();
}

}  // namespace gallery
