// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// film: segments the frames of a film, one after another, so that every segment keeps its number and its kind of colour.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "files.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "palettes.hpp"
#include "photo_lists.hpp"
#include "program.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "segment_steps.hpp"

namespace {

struct settings {
    std::vector<std::filesystem::path> frames;
    std::filesystem::path directory = "film";
    int k = 8;
    int megapixels = io::default_megapixels;
    int threads = 0;
    bool json = false;
    segment_steps::alpha_use alpha = segment_steps::alpha_use::weigh;
    lloyd::segment_options first = {.kmeans = {.attempts = 5}};
    lloyd::segment_options next = {.kmeans = {.max_iterations = 5}};
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("film", "Segments the frames of a film, so that each colour keeps its place in all frames.");
    line.positional(
        "frames", s.frames,
        "PNG, JPEG, BMP or PNM files, - for stdin, or folders of them; one that cannot be read stops the film");
    line.option("-k K", s.k, 1, 256, "number of colours");
    line.folder("-o", s.directory, "the folder to write to; made if it is missing");
    segment_steps::declare(line, s.first.space, s.alpha);
    line.option("--attempts", s.first.kmeans.attempts, 1, any,
                "runs from different seeds in the first frame; the best one is kept");
    line.option("--max-iterations", s.next.kmeans.max_iterations, 1, any,
                "the largest number of steps in each later frame");
    line.option("--seed", s.first.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a frame, in millions");
    json::declare(line, s.json);
    if (!line.parse(argc, argv)) return false;
    io::require_folder(s.directory);
    s.first.kmeans.threads = s.next.kmeans.threads = s.threads;
    return true;
}

/// A file name such as shot/frame-0041.png: what stands before the number at its end, and the number.
struct frame_name {
    std::string text;
    std::size_t digits = 0;
    std::uint64_t number = 0;

    static std::optional<frame_name> of(const std::filesystem::path& path) {
        const auto name = (path.parent_path() / path.stem()).string();
        const auto before = name.find_last_not_of("0123456789") + 1;  // 0 if there is none
        frame_name result{name.substr(0, before), name.size() - before};
        constexpr auto any = std::numeric_limits<std::uint64_t>::max() - 1;
        if (!cli::to_number(std::string_view(name).substr(before), result.number, 0, any)) return {};
        return result;
    }
};

/// The name of the frame after one: with as many digits, and the same extension.
std::string next_name(const std::filesystem::path& path, const frame_name& name) {
    const auto number = std::to_string(name.number + 1);
    const std::string zeros(name.digits - std::min(name.digits, number.size()), '0');
    const auto stem = path.stem().string();
    return stem.substr(0, stem.size() - name.digits) + zeros + number + path.extension().string();
}

/// Throws cli::failure, (unreadable) if a frame is missing among those with numbers, and (usage) if they are in another
/// order.
void require_consecutive(const std::vector<io::photo_paths>& frames) {
    std::optional<cli::failure> missing;
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const auto& before = frames[i - 1].from;
        const auto& after = frames[i].from;
        const auto first = frame_name::of(before), second = frame_name::of(after);
        if (!first || !second || first->text != second->text || second->number == first->number + 1) continue;
        const auto between = before.filename().string() + " and " + after.filename().string();
        if (second->number <= first->number)
            throw cli::failure(cli::usage, between +
                                               " are not in the order of their numbers; give all numbers as many " +
                                               "digits (0009, 0010), so that names and numbers have one order");
        if (!missing) missing.emplace(cli::unreadable, next_name(before, *first) + " is missing between " + between);
    }
    if (missing) throw *missing;
}

/// The segments of the last frame, and milliseconds of all frames.
struct outcome {
    lloyd::segmentation segments;
    double first = 0;  ///< of clustering the first frame
    double next = 0;   ///< of clustering all others
    double reading = 0, writing = 0;
};

/// Segments and writes each frame, with one frame in memory at a time.
outcome segment_all(const std::vector<io::photo_paths>& frames, const settings& s) {
    cli::progress line;
    outcome result;
    auto start = std::chrono::steady_clock::now();
    const auto add_time = [&start](double& to) {
        const auto now = std::chrono::steady_clock::now();
        to += std::chrono::duration<double, std::milli>(now - start).count();
        start = now;
    };
    for (std::size_t i = 0; i < frames.size(); ++i) {
        line.show(static_cast<double>(i) / static_cast<double>(frames.size()),
                  "frame " + std::to_string(i + 1) + " of " + std::to_string(frames.size()));
        const auto frame = segment_steps::read(frames[i].from, s.megapixels, s.alpha);
        add_time(result.reading);

        auto options = i == 0 ? s.first : s.next;
        options.weights = frame.weights;
        result.segments = i == 0 ? lloyd::segment(frame.colors, s.k, options)
                                 : lloyd::segment(frame.colors, result.segments, options);
        add_time(i == 0 ? result.first : result.next);

        if (i == 0) io::make_directory(s.directory);
        io::write(frames[i].to, segment_steps::painted(frame, result.segments));
        add_time(result.writing);
    }
    return result;
}

json::object figures_of(const std::vector<io::photo_paths>& frames, const outcome& result) {
    const auto count = static_cast<double>(frames.size());
    const auto later = frames.size() > 1 ? std::optional(result.next / (count - 1)) : std::nullopt;
    return {{"frames", json::array(frames, io::as_json)},
            {"k", result.segments.palette.width()},
            {"palette", palettes::as_json(palettes::of(result.segments))},
            {"milliseconds", json::object{{"first_frame", result.first},
                                          {"later_frame", later},
                                          {"reading", result.reading / count},
                                          {"writing", result.writing / count}}}};
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    const auto frames = io::list_photos(s.frames, s.directory);
    require_consecutive(frames);
    const auto result = segment_all(frames, s);

    cli::report out;
    if (s.json) {
        out.print_data(figures_of(frames, result).text());
        return out.emit();
    }
    const auto count = static_cast<double>(frames.size());
    palettes::print(palettes::of(result.segments), out);
    out.print("frames       %zu\n", frames.size());
    out.print("time         reading %.1f ms, segmenting %.1f ms", result.reading / count, result.first);
    if (frames.size() > 1) out.print(" (the first), %.1f ms (each later one)", result.next / (count - 1));
    out.print(", writing %.1f ms%s\n", result.writing / count, frames.size() > 1 ? " a frame" : "");
    out.print_written(frames.front().to.string() + (frames.size() == 1 ? "" : " to " + frames.back().to.string()));
    out.emit();
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("film", [&] { run(argc, argv); });
}
