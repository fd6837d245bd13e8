// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// edges: finds the edges of photos, and shows the five stages that lead to them.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <lloyd/canny.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "photo_jobs.hpp"
#include "pictures.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

using pictures::rgb_image;
using gray_image = lloyd::image<std::uint8_t, 1>;

struct settings {
    photos::request files{.output = "edges.png"};
    double low = 150, high = 200;
    bool automatic = false, gray = false, stages = false;
    lloyd::canny_options canny;
};

bool parse(int argc, char** argv, settings& s) {
    constexpr double largest = 1530;  // no gradient is larger (docs/canny.md#units)
    cli::command_line line("edges", "Finds the edges of photos in Canny's five stages.");
    line.option("--low", s.low, 0, largest, "weak edges have a gradient above this, in Sobel units, 0 to 1530");
    line.option("--high", s.high, 0, largest,
                "strong edges have one above this; weak ones count if connected to a strong one");
    line.flag("--auto", s.automatic, "choose both from the photo by Otsu's method; not together with --low or --high");
    line.option(
        "--sigma", s.canny.sigma, 0, 170,
        "standard deviation of the blur before, in pixels; 0 means no blur: --sigma 0 --low 150 --high 200 finds "
        "the edges of cv2.Canny(img, 150, 200)");
    line.flag("--gray", s.gray, "find the edges of the gray photo instead of those of its colours");
    line.flag("--stages", s.stages, "show all five stages side by side");
    s.files.declare(line, "the picture to write: .png, .jpg, .bmp or .pgm");
    json::declare(line, s.files.json);
    s.files.declare_limits(line);
    if (!line.parse(argc, argv)) return false;
    for (const auto* option : {"--low", "--high"}) line.refuse_both("--auto", option);
    if (s.high < s.low)
        throw cli::failure(cli::usage, "--low is " + cli::to_text(s.low) + ", but must be at most --high, which is " +
                                           cli::to_text(s.high));
    return true;
}

rgb_image smoothed(const rgb_image& photo, const settings& s) {
    return s.canny.sigma > 0 ? lloyd::gaussian_blur(photo, s.canny.blur_size, s.canny.sigma) : photo;
}

/// The gray photo, as three equal channels.
rgb_image without_color(const rgb_image& photo) {
    const auto gray = lloyd::rgb_to_gray(photo);
    rgb_image result(photo.width(), photo.height());
    for (std::ptrdiff_t i = 0; i < gray.size(); ++i) std::fill_n(result.data() + 3 * i, 3, gray.data()[i]);
    return result;
}

/// Magnitudes as gray levels, with the largest white. Their square roots are shown, so that small ones are visible.
gray_image shades_of(const lloyd::image<std::int32_t, 1>& magnitude) {
    gray_image shades(magnitude.width(), magnitude.height());
    const double most = std::max(1, std::ranges::max(magnitude.elements()));
    std::ranges::transform(magnitude.elements(), shades.data(), [most](std::int32_t m) {
        return static_cast<std::uint8_t>(std::lround(255 * std::sqrt(m / most)));
    });
    return shades;
}

lloyd::canny_thresholds automatic_thresholds(const rgb_image& photo, const settings& s) {
    return lloyd::thresholds_from_otsu(lloyd::sobel(smoothed(photo, s), s.canny.aperture, s.canny.norm));
}

/// What --auto would take, if the thresholds leave so few or so many edge pixels that they hardly fit the photo.
std::optional<lloyd::canny_thresholds> better_thresholds(const rgb_image& photo, const settings& s, double share) {
    if (s.automatic || (share >= 0.005 && share <= 0.25)) return {};
    return automatic_thresholds(photo, s);
}

json::value as_json(const lloyd::canny_thresholds& thresholds) {
    return json::object{{"low", thresholds.low}, {"high", thresholds.high}};
}

std::ptrdiff_t width_of_sheet(const rgb_image& photo) {
    return 5 * photo.width() + 4 * pictures::gap_between(photo.width(), photo.height());
}

/// The five stages in a row, on white. Throws cli::failure (unwritable) if the sheet takes more than 1 GiB.
rgb_image sheet_of_stages(const rgb_image& photo, const settings& s) {
    const auto width = photo.width(), height = photo.height();
    const auto gap = pictures::gap_between(width, height);
    auto sheet = pictures::white_sheet(width_of_sheet(photo), height);
    const auto place = [&](std::ptrdiff_t i) { return sheet.crop(i * (width + gap), 0, width, height); };

    const auto smooth = smoothed(photo, s);
    const auto gradient = lloyd::sobel(smooth, s.canny.aperture, s.canny.norm);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    auto strength = lloyd::double_threshold(ridges, s.low, s.high);
    const auto edges = lloyd::hysteresis(strength);
    for (auto& level : strength.elements()) level = static_cast<std::uint8_t>(level == 2 ? 255 : 110 * level);

    pictures::paste(smooth, place(0));
    pictures::paste(shades_of(gradient.magnitude), place(1));
    pictures::paste(shades_of(ridges.magnitude), place(2));
    pictures::paste(strength, place(3));
    pictures::paste(edges, place(4));
    return sheet;
}

/// Takes its own copy of the settings, in which thresholds are chosen for the photo.
void find_edges(photos::job& photo, settings s) {
    auto picture = pictures::on_white(io::read(photo.from, s.files.megapixels));
    if (s.gray) picture = without_color(picture);
    if (s.stages) pictures::require_sheet(width_of_sheet(picture), picture.height());  // before any long computation
    photo.begin("finding edges", 0.4);
    s.canny.threads = photo.threads;
    if (s.automatic) {
        const auto chosen = automatic_thresholds(picture, s);
        s.low = chosen.low;
        s.high = chosen.high;
    }
    const auto edges = lloyd::canny(picture, s.low, s.high, s.canny);
    if (s.stages) {
        const auto sheet = sheet_of_stages(picture, s);
        io::write(photo.begin_writing(), sheet);
    } else {
        io::write(photo.begin_writing(), edges);
    }

    const auto count = static_cast<double>(std::ranges::count(edges.elements(), 255));
    const auto share = count / static_cast<double>(edges.size());
    const auto better = better_thresholds(picture, s, share);
    if (s.files.json)
        return photo.print_json({{"width", picture.width()},
                                 {"height", picture.height()},
                                 {"thresholds", as_json({s.low, s.high})},
                                 {"gray", s.gray},
                                 {"automatic", s.automatic},
                                 {"edge_share", share},
                                 {"better_thresholds", better ? as_json(*better) : nullptr}});
    photo.print_heading();
    photo.out.print("thresholds   %g and %g\n", s.low, s.high);
    photo.out.print("edges        %.1f %%\n", 100 * share);
    if (better) {
        const bool few = share < 0.005;
        photo.out.print("hint         %s edges; --auto would take %g and %g%s\n", few ? "few" : "many", better->low,
                        better->high, few && s.canny.sigma > 0 ? "; --sigma 0 leaves out the blur" : "");
    }
    photo.print_end();
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    photos::for_each(s.files, [&s](photos::job& photo) { find_edges(photo, s); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("edges", [&] { run(argc, argv); });
}
