// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The elbow as a drawing: WCSS over K, the knee if there is one, and a list of the suggestion of each method.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include <lloyd/elbow.hpp>

namespace plots {

struct named_suggestion {
    const char* name;
    lloyd::suggestion suggestion;
};

/// The methods in the order of their fields.
std::array<named_suggestion, 4> named(const lloyd::elbow_suggestions& suggestions);

/// The curve alone, as an SVG file of 520×380. The rest is as in elbow_svg.
std::string curve_svg(const std::string& subject, std::span<const lloyd::elbow_point> curve, std::optional<int> knee);

/// "three of four methods lean to K = 2", if at least three suggest the same K; otherwise empty.
std::string majority(const lloyd::elbow_suggestions& suggestions);

/// An SVG file of 760×380. `subject` names the clustered data. The curve needs at least one point, and every wcss must be
/// finite.
std::string elbow_svg(const std::string& subject, std::span<const lloyd::elbow_point> curve, std::optional<int> knee,
                      const lloyd::elbow_suggestions& suggestions);

}  // namespace plots
