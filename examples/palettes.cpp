// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "palettes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <lloyd/segment.hpp>

#include "files.hpp"
#include "image_io.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "svg.hpp"

namespace palettes {
namespace {

struct entry {
    std::span<const std::uint8_t, 3> color;
    double share;
    bool is_fixed;

    std::string hex() const { return svg::hex({color[0], color[1], color[2]}); }
};

std::vector<entry> entries_of(const palette& all) {
    std::vector<entry> entries;
    for (std::ptrdiff_t j = 0; j < all.colors.width(); ++j)
        entries.push_back({all.colors(j, 0), all.shares[static_cast<std::size_t>(j)], j < all.fixed});
    return entries;
}

bool shows_colors() {
    const auto text_of = [](const char* name) {
        const char* text = std::getenv(name);
        return std::string_view(text != nullptr ? text : "");
    };
    const auto colors = text_of("COLORTERM");
    return (colors == "truecolor" || colors == "24bit") && text_of("NO_COLOR").empty() && isatty(STDOUT_FILENO) != 0;
}

/// The beginning of a line: two spaces on the colour.
std::string swatch_of(const entry& one) {
    char text[40];
    std::snprintf(text, sizeof text, "\33[48;2;%d;%d;%dm  \33[0m ", one.color[0], one.color[1], one.color[2]);
    return text;
}

std::string as_gpl(const palette& all, const std::string& name) {
    auto text = "GIMP Palette\nName: " + cli::valid_utf8(name) + "\nColumns: 0\n#\n";
    for (const auto& one : entries_of(all)) {
        char line[64];
        std::snprintf(line, sizeof line, "%3d %3d %3d\t%s %.1f %%\n", one.color[0], one.color[1], one.color[2],
                      one.hex().c_str(), 100 * one.share);
        text += line;
    }
    return text;
}

lloyd::image<std::uint8_t, 3> as_squares(const palette& all) {
    constexpr std::ptrdiff_t side = 32;
    lloyd::image<std::uint8_t, 3> squares(side * all.colors.width(), side);
    for (std::ptrdiff_t y = 0; y < side; ++y)
        for (std::ptrdiff_t x = 0; x < squares.width(); ++x)
            std::ranges::copy(all.colors(x / side, 0), squares(x, y).begin());
    return squares;
}

}  // namespace

ordered_colors by_share(const lloyd::kmeans_result<3>& result) {
    const double all = std::accumulate(result.weights.begin(), result.weights.end(), 0.0);
    const auto weight = [&](std::int32_t j) { return result.weights[static_cast<std::size_t>(j)]; };
    lloyd::image<std::int32_t, 1> order(result.centers.width(), 1);
    std::iota(order.elements().begin(), order.elements().end(), 0);
    std::ranges::stable_sort(order.elements(), std::ranges::greater(), weight);
    ordered_colors ordered{lloyd::recolor(order, result.centers), {}};
    for (const auto j : order.elements()) ordered.shares.push_back(weight(j) / all);
    return ordered;
}

void print(const palette& all, cli::report& to) {
    const bool has_swatches = shows_colors();
    for (const auto& one : entries_of(all))
        to.print("%s%s  %5.1f %%%s\n", has_swatches ? swatch_of(one).c_str() : "", one.hex().c_str(), 100 * one.share,
                 one.is_fixed ? "  fixed" : "");
}

json::value as_json(const palette& all) {
    return json::array(entries_of(all), [](const entry& one) {
        const auto rgb = json::array(one.color);
        return json::object{{"hex", one.hex()}, {"rgb", rgb}, {"share", one.share}, {"fixed", one.is_fixed}};
    });
}

void require_writable(const std::filesystem::path& path) {
    const auto extension = io::extension_of(path);
    if (extension != ".gpl" && extension != ".json" && extension != ".png")
        throw cli::failure(cli::usage, "cannot write " + cli::given(path) + ": " +
                                           (extension.empty() ? "its extension selects the format of the palette"
                                                              : extension + " is not a format of palettes") +
                                           "; use .gpl, .json or .png");
    io::require_writable(path);
}

void write(const std::filesystem::path& path, const palette& all, const std::string& name) {
    const auto extension = io::extension_of(path);
    if (extension == ".png") return io::write(path, as_squares(all));
    const auto text =
        extension == ".gpl" ? as_gpl(all, name) : json::object{{"name", name}, {"palette", as_json(all)}}.text() + "\n";
    io::write_file(path, text);
}

}  // namespace palettes
