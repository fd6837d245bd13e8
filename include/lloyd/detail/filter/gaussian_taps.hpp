// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The weights of a Gaussian blur along one axis, as integers that sum to 256: the table that cv::GaussianBlur uses for
/// 8-bit images.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>

#include <lloyd/detail/base/open_detail.inc>

inline constexpr int max_taps = 1023;
inline constexpr double max_sigma = 170;

template <class = deferred>
void check_blur(const char* who, const char* size_name, int size, double sigma) {
    if (!is_finite(sigma) || sigma < 0 || sigma > max_sigma)
        refuse(who, ": sigma is ", sigma, ", but must be 0 to ", max_sigma);
    if (size < 0 || size > max_taps || (size > 0 && size % 2 == 0))
        refuse(who, ": ", size_name, " is ", size, ", but must be odd and at most ", max_taps,
               ", or 0 to follow from sigma");
}

/// Weights from the middle outwards: weights[0] is that of the pixel itself, weights[i] that of both pixels i away.
struct gaussian_taps {
    /// One weight, 256: no blur.
    gaussian_taps() : weights(1, 256) {}

    /// The size is in pixels, sigma too. Either may be 0, which derives it from the other, but not both.
    gaussian_taps(int size, double sigma) {
        if (size == 0) size = static_cast<int>(math::nearbyint(6 * sigma + 1)) | 1;
        weights = buffer<std::uint16_t>(static_cast<std::size_t>(size / 2 + 1));
        if (sigma == 0 && size <= 7)
            set_binomial(size);
        else
            set_from_curve(sigma == 0 ? 0.15 * size + 0.35 : sigma);
    }

    /// In pixels: (size − 1) / 2.
    std::ptrdiff_t radius() const { return static_cast<std::ptrdiff_t>(weights.size()) - 1; }

    buffer<std::uint16_t> weights;

private:
    void set_binomial(int size) {
        constexpr std::uint16_t binomial[4][4] = {{256}, {128, 64}, {96, 64, 16}, {72, 56, 28, 8}};
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = binomial[size / 2][i];
    }

    /// Samples of the Gaussian, rounded from the outermost weight inwards (half to even). The rounding error of each is
    /// added to the next, and the middle takes what is missing to 256.
    void set_from_curve(double sigma) {
        sigma = (std::max)(sigma, 0.01);  // below, all weight is in the middle already, and sigma² could underflow to 0
        buffer<double> curve(weights.size());
        double total = 0;
        for (std::size_t i = curve.size(); i-- > 0;) {
            const auto distance = static_cast<double>(i);
            curve[i] = math::exp(-distance * distance / (2 * sigma * sigma));
            total += i == 0 ? curve[i] : 2 * curve[i];
        }
        double carried = 0;
        int side_sum = 0;
        for (std::size_t i = curve.size(); i-- > 1;) {
            const double wanted = 256 * curve[i] / total + carried;
            const double rounded = math::nearbyint(wanted);
            carried = wanted - rounded;
            weights[i] = static_cast<std::uint16_t>(rounded);
            side_sum += weights[i];
        }
        weights[0] = static_cast<std::uint16_t>(256 - 2 * side_sum);
    }
};

}  // namespace lloyd::inline v0::detail
