// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// elbow: estimates the number of colours of photos by the elbow of its WCSS curve.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include <lloyd/color_histogram.hpp>
#include <lloyd/elbow.hpp>

#include "command_line.hpp"
#include "elbow_plot.hpp"
#include "files.hpp"
#include "json.hpp"
#include "photo_jobs.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    photos::request files{.output = "elbow.svg", .endings = {".svg"}};
    bool csv = false;
    lloyd::elbow_options elbow = {.kmeans = {.attempts = 5}};
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("elbow", "Clusters the colours of photos for each K, draws the curve of WCSS, and "
                                    "prints the K that each method suggests.");
    line.option("--k-min K", s.elbow.k_min, 1, 256, "the first K");
    line.option("--k-max K", s.elbow.k_max, 1, 256, "the last K");
    s.files.declare(line, "the SVG drawing to write");
    line.flag("--csv", s.csv, "print only the curve, as CSV; draw only if -o is given");
    line.option("--attempts", s.elbow.kmeans.attempts, 1, any, "runs for each K; the best one is kept");
    line.option("--max-iterations", s.elbow.kmeans.max_iterations, 1, any, "the largest number of steps in an attempt");
    line.option("--seed", s.elbow.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    json::declare(line, s.files.json);
    s.files.declare_limits(line);
    if (!line.parse(argc, argv)) return false;
    line.refuse_both("--csv", "--json");
    if (s.elbow.k_max < s.elbow.k_min)
        throw cli::failure(cli::usage, "--k-max is " + cli::to_text(s.elbow.k_max) +
                                           ", but must be at least --k-min, which is " + cli::to_text(s.elbow.k_min));
    if (s.csv && !line.is_given("-o")) s.files.output.clear();
    return true;
}

/// Shows each iteration. (With a progress callback, attempts run one after another.)
std::function<bool(const lloyd::kmeans_progress&)> progress_of(photos::job& photo, const lloyd::elbow_options& of) {
    return [&photo, first = of.k_min, steps = of.k_max - of.k_min + 1](const lloyd::kmeans_progress& step) {
        photo.show(0.1 + 0.8 * (step.k - first) / steps, "K = " + std::to_string(step.k) + ", attempt " +
                                                             std::to_string(step.attempt + 1) + ", iteration " +
                                                             std::to_string(step.iteration));
        return true;
    };
}

/// A field of CSV (RFC 4180).
std::string quoted(const std::string& text) {
    std::string field = "\"";
    for (const char letter : text) field.append(letter == '"' ? 2 : 1, letter);
    return field + "\"";
}

/// With a column for the photo if there are several.
void print_csv(const lloyd::elbow_result<3>& sweep, photos::job& photo) {
    const auto name = photo.count == 1 ? "" : quoted(cli::printable(cli::given(photo.from))) + ",";
    if (photo.index == 0) photo.out.print("%sk,wcss\n", photo.count == 1 ? "" : "photo,");
    for (const auto& [k, wcss] : sweep.curve) photo.out.print("%s%d,%.17g\n", name.c_str(), k, wcss);
}

void print_table(const lloyd::elbow_result<3>& sweep, cli::report& to) {
    to.print("  K  WCSS\n");
    for (const auto& [k, wcss] : sweep.curve) to.print("%3d  %.6g%s\n", k, wcss, sweep.knee == k ? "  <- knee" : "");
    to.print("\n");
    for (const char* note = "; 0.67 and more make it the knee"; const auto& method : plots::named(sweep.suggestions)) {
        if (const auto& [k, strength] = method.suggestion; k)
            to.print("K = %-3d  strength %.2f  %s%s\n", *k, strength, method.name, note);
        else
            to.print("no K                    %s%s\n", method.name, note);
        note = "";  // the last drop comes first, and alone decides
    }
    if (sweep.knee)
        to.print("knee         K = %d\n", *sweep.knee);
    else if (const auto lean = plots::majority(sweep.suggestions); !lean.empty())
        to.print("knee         no clear knee; %s\n", lean.c_str());
    else
        to.print("knee         no clear knee\n");
}

/// The K at which WCSS becomes 0. This alone does not mean that there are so many groups of colours.
void print_color_count(std::ptrdiff_t colors, cli::report& to) {
    to.print("colours      %td; WCSS is 0 from K = %td\n", colors, colors);
}

json::object figures_of(const lloyd::elbow_result<3>& sweep, const pictures::visible_pixels& pixels) {
    const auto curve = json::array(sweep.curve, [](const auto& point) {
        return json::object{{"k", point.k}, {"wcss", point.wcss}};
    });
    const auto suggestions = json::array(plots::named(sweep.suggestions), [](const auto& method) {
        const auto& [k, strength] = method.suggestion;
        return json::object{{"method", method.name}, {"k", k}, {"strength", strength}};
    });
    return {{"width", pixels.width()},
            {"height", pixels.height()},
            {"colors", lloyd::color_histogram(pixels.colors()).size()},
            {"curve", curve},
            {"knee", sweep.knee},
            {"suggestions", suggestions}};
}

void sweep(photos::job& photo, const settings& s) {
    const auto pixels = pictures::read_visible(photo.from, s.files.megapixels);
    photo.begin("clustering", 0.1);
    auto options = s.elbow;
    options.kmeans.threads = photo.threads;
    if (photo.is_watched()) options.kmeans.progress = progress_of(photo, options);
    const auto result = lloyd::elbow_sweep(pixels.colors(), options);
    const auto name = photo.from.filename().string();
    if (!photo.to.empty())
        io::write_file(photo.begin_writing(), plots::elbow_svg(name, result.curve, result.knee, result.suggestions));

    if (s.csv) return print_csv(result, photo);
    if (s.files.json) return photo.print_json(figures_of(result, pixels));
    photo.print_heading();
    print_table(result, photo.out);
    if (result.curve.back().wcss == 0) print_color_count(lloyd::color_histogram(pixels.colors()).size(), photo.out);
    photo.print_end();
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    photos::for_each(s.files, [&s](photos::job& photo) { sweep(photo, s); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("elbow", [&] { run(argc, argv); });
}
