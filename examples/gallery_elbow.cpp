// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>

#include "elbow_plot.hpp"
#include "gallery_story.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

std::string suggestions_table(const lloyd::elbow_suggestions& suggestions) {
    std::string rows;
    for (const auto& [name, one] : plots::named(suggestions))
        rows += "<tr><th scope=\"row\">" + std::string(name) + "</th><td>" + (one.k ? std::to_string(*one.k) : "none") +
                "</td><td>" + (one.k ? fixed(one.strength, 2) : "–") + "</td></tr>\n";
    return "<table>\n<caption>The K that four methods suggest</caption>\n<thead><tr><th scope=\"col\">method</th>"
           "<th scope=\"col\">suggests K</th><th scope=\"col\">strength, 0 to 1</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody>\n</table>\n";
}

std::string verdict(const lloyd::elbow_result<3>& sweep) {
    const auto perfect = std::ranges::find(sweep.curve, 0.0, &lloyd::elbow_point::wcss);
    const auto colors = perfect == sweep.curve.end() ? "" : std::to_string(perfect->k);
    if (sweep.knee && colors == std::to_string(*sweep.knee))
        return "<p class=\"verdict\"><b>A clear knee at K = " + colors + ".</b> The photo has " +
               (colors == "1" ? "one colour" : colors + " different colours, which are far from each other") +
               ": with a center for each of them, WCSS is 0.</p>\n";
    if (!sweep.knee && !colors.empty())
        return "<p class=\"verdict\"><b>No clear knee.</b> The photo has no more than " + colors +
               " different colours: with a center for each of them, WCSS is 0. But they are too close to each other, "
               "or some are too rare, to count as groups. A single colour with noise looks like this.</p>\n";
    if (sweep.knee)
        return "<p class=\"verdict\"><b>A clear knee at K = " + std::to_string(*sweep.knee) +
               ".</b> Up to this K every further colour gains at least three times as much as any after it: the photo "
               "has that many groups of colours.</p>\n";
    const auto lean = plots::majority(sweep.suggestions);
    return "<p class=\"verdict\"><b>No clear knee" + (lean.empty() ? lean : "; " + lean) +
           ".</b> This is not an error. It is usual for photographs: the colours "
           "of a "
           "scene blend into each other, and the right number depends on their purpose. The methods below "
           "still suggest a K, but none of these is reliable.</p>\n";
}

/// A digit for the label of each pixel, for K = 2, 3 …; blanks where the picture is transparent.
std::vector<std::string> labels_of(const rgb_image& photo, const gray_image& alpha,
                                   const lloyd::elbow_result<3>& sweep) {
    std::vector<std::string> all(photo.elements().size() / 3);
    for (std::size_t k = 2; k <= sweep.centers.size(); ++k) {
        const auto labels = lloyd::assign(photo, sweep.centers[k - 1]);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] += !alpha.empty() && alpha.elements()[i] < 128 ? ' ' : static_cast<char>('0' + labels.elements()[i]);
    }
    return all;
}

std::string palettes_of(const lloyd::elbow_result<3>& sweep) {
    std::string palettes;
    for (std::size_t k = 2; k <= sweep.centers.size(); ++k) {
        palettes += k == 2 ? "[" : ",[";
        for (std::ptrdiff_t j = 0; j < sweep.centers[k - 1].width(); ++j) {
            palettes += j == 0 ? "[" : ",[";
            for (const double channel : sweep.centers[k - 1](j, 0)) palettes += fixed(channel, 0) + ",";
            palettes += "255]";
        }
        palettes += "]";
    }
    return palettes;
}

/// The labels of all K in one picture, for slider.js. Few of all combinations of labels occur, so a pixel is the number of
/// its combination, and the picture takes a third of what pictures of labels would take.
std::string slider_data(const std::vector<std::string>& labels, const rgb_image& photo,
                        const lloyd::elbow_result<3>& sweep) {
    std::map<std::string, std::size_t> numbers;
    for (const auto& each : labels) numbers.emplace(each, 0);
    std::string combinations;
    for (std::size_t count = 0; auto& [each, number] : numbers) {
        number = count++;
        combinations += (number == 0 ? "\"" : ",\"") + each + "\"";
    }
    rgb_image picture(photo.width(), photo.height());
    auto to = picture.elements().begin();
    for (const auto& each : labels)
        for (auto number = numbers.at(each), c = std::size_t{0}; c < 3; ++c, number /= 256)
            *to++ = static_cast<std::uint8_t>(number % 256);
    return "{\"first\":2,\"picture\":\"" + web::png_uri(lloyd::image<std::uint8_t>(picture)) + "\",\"combinations\":[" +
           combinations + "],\"palettes\":[" + palettes_of(sweep) + "]}";
}

/// The photo in as many colours as the reader chooses. Hidden until a script shows it.
std::string slider(const told_photo& photo, const lloyd::elbow_result<3>& sweep) {
    constexpr std::ptrdiff_t longest = 480;
    const auto small_photo = web::shrunk(photo.picture, longest);
    const auto& alpha = photo.pixels.alpha();
    const auto labels = labels_of(small_photo, alpha.empty() ? alpha : web::shrunk(alpha, longest), sweep);
    const auto width = std::to_string(small_photo.width()), height = std::to_string(small_photo.height());
    return "<figure class=\"slider\" id=\"slider\" hidden>\n<canvas width=\"" + width + "\" height=\"" + height +
           "\" role=\"img\"></canvas>\n<label><input type=\"range\" min=\"2\" max=\"10\" value=\"5\" "
           "aria-label=\"K, the number of colours\"><output>K = 5</output></label>\n<figcaption>The photo in K "
           "colours. "
           "<span class=\"on-screen\">Move the slider to compare.</span></figcaption>\n</figure>\n<script "
           "type=\"application/json\" "
           "id=\"slider-data\">" +
           slider_data(labels, small_photo, sweep) + "</script>\n";
}

}  // namespace

void tell_elbow(page& to, const told_photo& photo) {
    const auto sweep = with_time([&] {
        return lloyd::elbow_sweep(photo.pixels.colors(), {.kmeans = {.attempts = 5, .seed = photo.seed, .threads = 0}});
    });
    to.section("elbow", "How many colours? The elbow");
    to.add(
        "<p>More centers always fit better: the sum of squared distances to them (WCSS) can only fall. The question is "
        "when another center gains too little. If groups are real, the curve falls steeply until each group has its "
        "center, and hardly after that: it has an elbow, or knee. For all K from 1 to 10 this took " +
        duration(sweep.milliseconds) + ".</p>\n<div class=\"two elbow\">\n");
    to.add(figure(plots::curve_svg(photo.name, sweep.value.curve, sweep.value.knee),
                  "The sum of squared distances of colours to their centers, for each K"));
    to.add(slider(photo, sweep.value) + "</div>\n");
    to.add(verdict(sweep.value) + suggestions_table(sweep.value.suggestions));
    to.code("elbow", "elbow.md");
}

}  // namespace gallery
