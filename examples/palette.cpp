// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// palette: recolours many photos with one common palette, with few photos in memory at a time.

#include <cstddef>
#include <mutex>
#include <string>

#include <lloyd/color_histogram.hpp>

#include "common_palette.hpp"
#include "files.hpp"
#include "photo_jobs.hpp"
#include "photo_lists.hpp"
#include "program.hpp"
#include "progress.hpp"
#include "stopwatch.hpp"

namespace {

void run(int argc, char** argv) {
    common_palette::settings s;
    if (!common_palette::parse("palette", argc, argv, s)) return;
    const auto list = io::list_photos(s.photos, s.directory);
    common_palette::require_outputs(list, s);

    cli::progress line;
    cli::stopwatch times;
    const auto show = [&](double before, const std::string& stage) {
        return [&line, before, stage, count = list.size()](std::size_t done) {
            line.show(before + 0.5 * static_cast<double>(done) / static_cast<double>(count),
                      stage + photos::of_all(done, count));
        };
    };
    const photos::limits within{s.kmeans.threads, s.megapixels};

    lloyd::color_histogram<3> colors;
    std::mutex one_at_a_time;
    const auto count = [&](std::size_t i, int) {
        const auto pixels = common_palette::read(list[i], s);
        const std::lock_guard lock(one_at_a_time);
        colors.add(pixels.colors());
    };
    photos::each(list, within, count, show(0, "counting the colours: "));
    times.end("reading and counting");
    line.show(0.5, "clustering");
    const auto palette = common_palette::find(colors, s);
    times.end("clustering");

    io::make_directory(s.directory);
    const auto paint = [&](std::size_t i, int) { common_palette::paint(list[i], palette.centers, s); };
    photos::each(list, within, paint, show(0.5, "painting: "));
    times.end("painting and writing");

    common_palette::report(palette, list, times, s);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("palette", [&] { run(argc, argv); });
}
