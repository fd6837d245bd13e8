// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of bench_story by OpenCV.
#pragma once

#include <cstdint>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <lloyd/image.hpp>

#include "compare/opencv_rival.hpp"
#include "settled_memory.hpp"

namespace bench {

class story_rivals {
public:
    static constexpr const char* name = "OpenCV " CV_VERSION;

    /// Throws std::runtime_error where OpenCV cannot run at its best.
    static void settle() {
        settle_memory(false);
        settle_opencv(1);
    }

    /// The images must outlive it and stay where they are.
    story_rivals(const lloyd::image<std::uint8_t, 3>& photo, const lloyd::image<std::uint8_t, 3>& hsv,
                 const lloyd::image<std::uint8_t, 1>& gray, const lloyd::image<std::uint8_t, 1>& labels)
        : photo_(view(photo)), hsv_(view(hsv)), gray_(view(gray)), labels_(view(labels)) {
        photo_.reshape(1, static_cast<int>(photo.size())).convertTo(pixels_, CV_32F);
    }

    void rgb_to_hsv() { cv::cvtColor(photo_, color_out_, cv::COLOR_RGB2HSV); }
    void hsv_to_rgb() { cv::cvtColor(hsv_, color_out_, cv::COLOR_HSV2RGB); }
    void rgb_to_gray() { cv::cvtColor(photo_, gray_out_, cv::COLOR_RGB2GRAY); }
    void blur() { cv::GaussianBlur(gray_, gray_out_, {5, 5}, 0); }
    void gradient() {
        cv::Sobel(gray_, dx_, CV_16S, 1, 0, 3, 1, 0, cv::BORDER_REPLICATE);
        cv::Sobel(gray_, dy_, CV_16S, 0, 1, 3, 1, 0, cv::BORDER_REPLICATE);
    }
    void canny() { cv::Canny(gray_, gray_out_, 150, 200); }

    /// Returns the compactness. Its ten iterations are nine updates of the centers.
    double kmeans(int k, int attempts) {
        const cv::TermCriteria criteria(cv::TermCriteria::EPS | cv::TermCriteria::COUNT, 10, 1.0);
        cv::Mat best, centers;
        return cv::kmeans(pixels_, k, best, criteria, attempts, cv::KMEANS_PP_CENTERS, centers);
    }

    /// Of each label.
    void regions(int k) {
        cv::Mat ids, statistics, centers;
        for (int label = 0; label < k; ++label)
            cv::connectedComponentsWithStats(labels_ == label, ids, statistics, centers, 4, CV_32S);
    }

private:
    template <std::size_t Channels>
    static cv::Mat view(const lloyd::image<std::uint8_t, Channels>& image) {
        return cv::Mat(static_cast<int>(image.height()), static_cast<int>(image.width()), CV_8UC(int{Channels}),
                       const_cast<std::uint8_t*>(image.data()));
    }

    cv::Mat photo_, hsv_, gray_, labels_, pixels_, color_out_, gray_out_, dx_, dy_;
};

}  // namespace bench
