// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "elbow_plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <vector>

#include "svg.hpp"

namespace plots {
namespace {

using svg::point;

constexpr std::string_view rules = R"(
.lloyd .curve { stroke: #0969da; stroke-width: 2.5; }
.lloyd .under { fill: #0969da; fill-opacity: 0.08; }
.lloyd .dot { fill: #0969da; stroke: #fff; stroke-width: 1.5; }
.lloyd .knee { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 4 4; }
.lloyd .knee-dot { fill: #cf222e; stroke: #fff; stroke-width: 2; }
.lloyd text.knee-name { fill: #cf222e; }
.lloyd .groove { fill: #eaeef2; }
.lloyd .bar { fill: #0969da; }
.lloyd .bar.deciding { fill: #cf222e; }
)";

constexpr std::string_view dark_rules = R"(
.lloyd .curve { stroke: #58a6ff; }
.lloyd .under { fill: #58a6ff; fill-opacity: 0.12; }
.lloyd .dot { fill: #58a6ff; stroke: #0d1117; }
.lloyd .knee { stroke: #ff7b72; }
.lloyd .knee-dot { fill: #ff7b72; stroke: #0d1117; }
.lloyd text.knee-name { fill: #ff7b72; }
.lloyd .groove { fill: #21262d; }
.lloyd .bar { fill: #58a6ff; }
.lloyd .bar.deciding { fill: #ff7b72; }
)";

/// The smallest of 1, 2, 2.5, 5, 10, 20 … that divides `range` into at most `parts`.
double step_for(double range, int parts) {
    const double least = range / parts;
    const double ten = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0})
        if (factor * ten >= least * (1 - 1e-9)) return factor * ten;
    return 10 * ten;
}

std::string superscript(int exponent) {
    constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string result = exponent < 0 ? "⁻" : "";
    for (const char digit : std::to_string(std::abs(exponent))) result += digits[digit - '0'];
    return result;
}

/// The part of the drawing with the curve, and the positions of its points.
class curve_panel {
public:
    explicit curve_panel(std::span<const lloyd::elbow_point> curve) : curve_(curve) {
        for (const auto& one : curve) highest_ = std::max(highest_, one.wcss);
        if (highest_ > 0) unit_ = std::pow(10.0, 3 * std::floor(std::log10(highest_) / 3));
        step_ = step_for(highest_ > 0 ? highest_ / unit_ : 1, 5);
        top_ = step_ * std::ceil((highest_ > 0 ? highest_ / unit_ : 1) / step_ - 1e-9);
    }

    point place(const lloyd::elbow_point& one) const {
        const auto last = static_cast<double>(curve_.size() - 1);
        const double along = last > 0 ? (one.k - curve_[0].k) / last : 0.5;
        return {left + 16 + along * (right - left - 32), height_of(one.wcss / unit_)};
    }

    void draw_axes(svg::drawing& to) const {
        for (int i = 0; i * step_ <= top_ * (1 + 1e-9); ++i) {
            const double y = height_of(i * step_);
            to.line({left, y}, {right, y}, i == 0 ? "soft" : "grid");
            to.text({left - 8, y + 4.5}, svg::number(i * step_), "soft end number");
        }
        const auto every = static_cast<std::size_t>(std::ceil(static_cast<double>(curve_.size()) / 16));
        for (std::size_t i = 0; i < curve_.size(); i += every)
            to.text({place(curve_[i]).x, bottom + 20}, std::to_string(curve_[i].k), "soft middle number");
        to.text({(left + right) / 2, bottom + 42}, "K, the number of clusters", "middle");
        const int exponent = static_cast<int>(std::lround(std::log10(unit_)));
        const auto unit = exponent == 0 ? "" : " / 10" + superscript(exponent);
        to.climbing_text({24, (top + bottom) / 2}, "WCSS" + unit, "middle");
    }

    void draw_curve(svg::drawing& to) const {
        std::vector<point> points;
        for (const auto& one : curve_) points.push_back(place(one));
        auto area = points;
        area.push_back({points.back().x, bottom});
        area.push_back({points.front().x, bottom});
        to.polygon(area, "under");
        to.polyline(points, "curve");
        for (const auto& at : points) to.circle(at, curve_.size() > 60 ? 2 : 4.5, "dot");
    }

    void draw_knee(svg::drawing& to, int k) const {
        const auto at = place(curve_[static_cast<std::size_t>(k - curve_[0].k)]);
        to.line({at.x, top}, {at.x, bottom}, "knee");
        to.circle(at, 7, "knee-dot");
        const bool on_the_right = at.x < (left + right) / 2;
        to.text({at.x + (on_the_right ? 8 : -8), top + 12}, "knee: K = " + std::to_string(k),
                on_the_right ? "knee-name bold" : "knee-name bold end");
    }

    static constexpr double left = 80, right = 500, top = 56, bottom = 320;

private:
    double height_of(double value) const { return bottom - value / top_ * (bottom - top); }

    std::span<const lloyd::elbow_point> curve_;
    double highest_ = 0, unit_ = 1, step_ = 1, top_ = 1;
};

/// The suggestion of each method: its K, and a bar for its strength.
void draw_suggestions(svg::drawing& to, const lloyd::elbow_suggestions& suggestions, std::optional<int> knee,
                      std::optional<int> perfect) {
    constexpr double left = 544, number = 716;
    double y = 90;
    to.text({left, y - 28}, "method", "soft");
    to.text({number, y - 28}, "K", "soft end");
    for (const auto& [name, suggestion] : named(suggestions)) {
        const bool deciding = knee && y < 100;
        to.text({left, y}, name, deciding ? "bold" : "");
        to.text({number, y}, suggestion.k ? std::to_string(*suggestion.k) : "–", "bold end number");
        to.rectangle({left, y + 8}, {number - left, 5}, "groove", {}, 2.5);
        if (suggestion.k)
            to.rectangle({left, y + 8}, {std::max(suggestion.strength * (number - left), 5.0), 5},
                         deciding ? "bar deciding" : "bar", {}, 2.5);
        y += 46;
    }
    to.text({left, y + 4}, "bars: strength, 0 to 1", "soft");
    to.text({left, y + 24}, knee ? "the last drop decides" : "no clear knee", knee ? "soft" : "bold");
    if (perfect) to.text({left, y + 44}, "WCSS is 0 from K = " + std::to_string(*perfect), "soft");
}

/// The first K of the curve with a WCSS of 0.
std::optional<int> perfect_k(std::span<const lloyd::elbow_point> curve) {
    const auto found = std::ranges::find(curve, 0.0, &lloyd::elbow_point::wcss);
    return found == curve.end() ? std::nullopt : std::optional(found->k);
}

/// A drawing that shows the curve at its left.
svg::drawing drawing_of(const std::string& subject, std::span<const lloyd::elbow_point> curve, std::optional<int> knee,
                        double width) {
    const auto verdict = knee ? "the knee is at K = " + std::to_string(*knee) : std::string("no clear knee");
    svg::drawing drawing(width, 380, "WCSS of " + subject + " for each number of clusters: " + verdict);
    drawing.style(rules, dark_rules);
    drawing.text({curve_panel::left, 32}, "Elbow of " + subject, "large bold");
    const curve_panel panel(curve);
    panel.draw_axes(drawing);
    panel.draw_curve(drawing);
    if (knee) panel.draw_knee(drawing, *knee);
    return drawing;
}

}  // namespace

std::array<named_suggestion, 4> named(const lloyd::elbow_suggestions& suggestions) {
    return {{{"last drop", suggestions.last_drop},
             {"log-curvature", suggestions.log_curvature},
             {"Calinski–Harabasz", suggestions.calinski_harabasz},
             {"Kneedle", suggestions.kneedle}}};
}

std::string curve_svg(const std::string& subject, std::span<const lloyd::elbow_point> curve, std::optional<int> knee) {
    return drawing_of(subject, curve, knee, 520).str();
}

std::string majority(const lloyd::elbow_suggestions& suggestions) {
    const auto methods = named(suggestions);
    for (const auto& candidate : methods) {
        const auto agree = std::ranges::count_if(
            methods, [&](const auto& method) { return method.suggestion.k == candidate.suggestion.k; });
        if (candidate.suggestion.k && agree >= 3)
            return (agree == 3 ? "three of" : "all") + std::string(" four methods lean to K = ") +
                   std::to_string(*candidate.suggestion.k);
    }
    return {};
}

std::string elbow_svg(const std::string& subject, std::span<const lloyd::elbow_point> curve, std::optional<int> knee,
                      const lloyd::elbow_suggestions& suggestions) {
    auto drawing = drawing_of(subject, curve, knee, 760);
    draw_suggestions(drawing, suggestions, knee, perfect_k(curve));
    return drawing.str();
}

}  // namespace plots
