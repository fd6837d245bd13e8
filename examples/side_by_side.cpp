// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// side_by_side: photos and their versions in 3, 5 and 7 colours, each with its palette below.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "palettes.hpp"
#include "photo_jobs.hpp"
#include "pictures.hpp"
#include "program.hpp"
#include "segment_steps.hpp"
#include "visible_pixels.hpp"

namespace {

using pictures::rgb_image;
using rgb_view = lloyd::image_view<std::uint8_t, 3>;

struct settings {
    photos::request files{.output = ".", .endings = {"-side-by-side.png"}, .only_folder = true};
    std::vector<int> ks = {3, 5, 7};
    lloyd::segment_options segment = {.kmeans = {.attempts = 5}};
};

/// Reads "3,5,7". Returns a description of allowed texts if `text` is wrong, and "" if it is right.
std::string set_ks(std::string_view text, std::vector<int>& ks) {
    ks.clear();
    for (bool more = true; more;) {
        const auto comma = text.find(',');
        if (!cli::to_number(text.substr(0, comma), ks.emplace_back(), 1, 256) || ks.size() > 8)
            return "one to eight numbers from 1 to 256, as in 3,5,7";
        more = comma != text.npos;
        text.remove_prefix(more ? comma + 1 : text.size());
    }
    return {};
}

/// The end of the name of a picture in k colours.
std::string of_k(int k) { return "-k" + std::to_string(k) + ".png"; }

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("side_by_side", "Shows photos side by side with their versions in a few colours.");
    const auto set = [&s](std::string_view text) { return set_ks(text, s.ks); };
    line.option("-k K,...", "3,5,7", set, "numbers of colours");
    s.files.declare(line, "the folder to write to; made if it is missing");
    segment_steps::declare_space(line, s.segment.space);
    line.option("--attempts", s.segment.kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--seed", s.segment.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    json::declare(line, s.files.json);
    s.files.declare_limits(line);
    if (!line.parse(argc, argv)) return false;
    for (const int k : s.ks) s.files.endings.push_back(of_k(k));
    return true;
}

/// The size of the blocks that become one pixel each, so that no side of the result is longer than 960 pixels. A block is at
/// most as large as the picture.
struct blocks {
    blocks(std::ptrdiff_t picture_width, std::ptrdiff_t picture_height) {
        const auto factor = (std::max(picture_width, picture_height) + 959) / 960;
        width = std::min(factor, picture_width);
        height = std::min(factor, picture_height);
    }
    std::ptrdiff_t width, height;
};

/// The picture with each block reduced to one pixel of its mean colour.
rgb_image shrink(const rgb_image& picture, blocks of) {
    rgb_image small_one(picture.width() / of.width, picture.height() / of.height);
    for (std::ptrdiff_t y = 0; y < small_one.height(); ++y)
        for (std::ptrdiff_t x = 0; x < small_one.width(); ++x) {
            std::array<std::ptrdiff_t, 3> sum{};
            for (std::ptrdiff_t i = 0; i < of.width * of.height; ++i)
                for (std::size_t c = 0; c < 3; ++c)
                    sum[c] += picture(x * of.width + i % of.width, y * of.height + i / of.width)[c];
            for (std::size_t c = 0; c < 3; ++c)
                small_one(x, y)[c] = static_cast<std::uint8_t>(sum[c] / (of.width * of.height));
        }
    return small_one;
}

/// Fills a part of the sheet with the palette, the largest share first. The width of a colour is in proportion to its share.
void paint_palette(const lloyd::segmentation& segments, rgb_view part) {
    double share_so_far = 0;
    std::ptrdiff_t x = 0;
    for (std::ptrdiff_t j = 0; j < segments.palette.width(); ++j) {
        share_so_far += segments.shares[static_cast<std::size_t>(j)];
        for (; x < std::lround(share_so_far * static_cast<double>(part.width())); ++x)
            for (std::ptrdiff_t y = 0; y < part.height(); ++y)
                std::ranges::copy(segments.palette(j, 0), part(x, y).begin());
    }
}

/// The white sheet, with equal cells, each for a picture and the bar below it. Wide pictures are in a square, tall ones in a
/// row.
class sheet {
public:
    sheet(std::ptrdiff_t count, std::ptrdiff_t width, std::ptrdiff_t height)
        : width_(width),
          height_(height),
          gap_(pictures::gap_between(width, height)),
          columns_(width > height ? std::llround(std::ceil(std::sqrt(static_cast<double>(count))))
                                  : std::min<std::ptrdiff_t>(count, 4)) {
        const auto rows = (count + columns_ - 1) / columns_;
        image_ = pictures::white_sheet(columns_ * (width + gap_) - gap_, rows * (height + 5 * gap_) - gap_);
    }

    rgb_view picture(std::ptrdiff_t i) { return cell(i, 0, height_); }
    rgb_view bar(std::ptrdiff_t i) { return cell(i, height_ + gap_ / 2, 3 * gap_); }
    const rgb_image& image() const { return image_; }

private:
    rgb_view cell(std::ptrdiff_t i, std::ptrdiff_t top, std::ptrdiff_t height) {
        return image_.crop(i % columns_ * (width_ + gap_), i / columns_ * (height_ + 5 * gap_) + top, width_, height);
    }

    std::ptrdiff_t width_, height_, gap_, columns_;
    rgb_image image_;
};

json::value as_json(const lloyd::segmentation& segments, const std::filesystem::path& path) {
    return json::object{{"k", segments.palette.width()},
                        {"output", cli::given(path)},
                        {"palette", palettes::as_json(palettes::of(segments))},
                        {"compactness", segments.compactness},
                        {"iterations", segments.iterations},
                        {"converged", segments.converged}};
}

std::filesystem::path version_path(const photos::job& photo, int k) {
    return photo.to.parent_path() / photo.from.stem().concat(of_k(k));
}

void show(photos::job& photo, const settings& s) {
    const auto original = io::read(photo.from, s.files.megapixels);
    const pictures::visible_pixels pixels(original);
    pictures::require_visible(pixels, photo.from);
    std::vector<json::value> versions;
    const auto share = [&](double done) { return 0.1 + 0.9 * done / (static_cast<double>(s.ks.size()) + 1); };
    const auto write = [&](const std::filesystem::path& path, const auto& picture, double done) {
        photo.begin_writing(share(done));
        io::write(path, picture);
    };

    photo.begin("segmenting", 0.1);
    const blocks of(original.width(), original.height());
    sheet all(std::ssize(s.ks) + 1, original.width() / of.width, original.height() / of.height);
    pictures::paste(shrink(pictures::on_white(original), of), all.picture(0));
    const int many = static_cast<int>(std::min<std::ptrdiff_t>(64, pixels.colors().size()));
    auto options = s.segment;
    options.kmeans.threads = photo.threads;
    auto one_attempt = options;
    one_attempt.kmeans.attempts = 1;
    paint_palette(lloyd::segment(pixels.colors(), many, one_attempt), all.bar(0));
    for (std::ptrdiff_t i = 1; const int k : s.ks) {
        const auto done = static_cast<double>(i);  // the first palette is one of the steps
        photo.begin("segmenting", share(done - 0.5));
        const auto segments = lloyd::segment(pixels.colors(), k, options);
        const auto picture = pixels.painted(lloyd::recolor(segments.labels, segments.palette));
        const auto path = version_path(photo, k);
        write(path, picture, done);
        versions.push_back(as_json(segments, path));
        pictures::paste(shrink(pictures::on_white(picture), of), all.picture(i));
        paint_palette(segments, all.bar(i++));
    }
    write(photo.to, all.image(), static_cast<double>(s.ks.size()) + 0.5);
    if (s.files.json)
        return photo.print_json(
            {{"width", original.width()}, {"height", original.height()}, {"versions", json::array(versions)}});
    photo.print_heading();
    photo.print_end();
    for (const int k : s.ks) photo.out.print_written(version_path(photo, k));
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    photos::for_each(s.files, [&s](photos::job& photo) { show(photo, s); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("side_by_side", [&] { run(argc, argv); });
}
