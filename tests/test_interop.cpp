// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The lines of docs/interop.md: pixels of other libraries seen without a copy, and back. These libraries are played by
// structs that lay out their data as they do.

#include <lloyd/color.hpp>
#include <lloyd/kmeans.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace cv {

/// Rows `step` bytes apart. A region of another Mat has its step.
struct Mat {
    int rows, cols;
    std::uint8_t* data;
    std::size_t step;

    Mat(int height, int width, std::uint8_t* pixels, std::size_t bytes)
        : rows(height), cols(width), data(pixels), step(bytes) {}
    template <class T>
    T* ptr(int y) const {
        return reinterpret_cast<T*>(data + static_cast<std::size_t>(y) * step);
    }
};

}  // namespace cv

namespace Eigen {

/// Column-major, as Eigen's are unless told otherwise.
struct MatrixXf {
    MatrixXf(std::ptrdiff_t rows, std::ptrdiff_t columns)
        : rows_(rows), elements_(static_cast<std::size_t>(rows * columns)) {}
    std::ptrdiff_t rows() const { return rows_; }
    std::ptrdiff_t cols() const { return static_cast<std::ptrdiff_t>(elements_.size()) / rows_; }
    float* data() { return elements_.data(); }
    float& operator()(std::ptrdiff_t row, std::ptrdiff_t column) {
        return elements_[static_cast<std::size_t>(row + column * rows_)];
    }
    MatrixXf transpose() {
        MatrixXf result(cols(), rows());
        for (std::ptrdiff_t i = 0; i < rows(); ++i)
            for (std::ptrdiff_t j = 0; j < cols(); ++j) result(j, i) = (*this)(i, j);
        return result;
    }

private:
    std::ptrdiff_t rows_;
    std::vector<float> elements_;
};

}  // namespace Eigen

namespace {

using samples::u8;

/// 0, 1, 2 … in the memory of some other library.
template <class T>
std::vector<T> counting(std::size_t size) {
    std::vector<T> numbers(size);
    std::iota(numbers.begin(), numbers.end(), T{0});
    return numbers;
}

TEST_CASE("a cv::Mat of bytes, padded, is a view with its step") {
    auto memory = counting<u8>(4 * 16);
    const cv::Mat mat(4, 5, memory.data(), 16);

    const lloyd::image_view<u8, 3> bgr(mat.data, mat.cols, mat.rows, static_cast<std::ptrdiff_t>(mat.step));

    CHECK((bgr.width() == 5 && bgr.height() == 4 && bgr.row_stride() == 16));
    CHECK(&bgr(4, 3)[2] == mat.ptr<u8>(3) + 14);
}

TEST_CASE("a region of a cv::Mat of floats is a view whose stride counts elements") {
    auto memory = counting<float>(6 * 8);
    const cv::Mat whole(6, 8, reinterpret_cast<u8*>(memory.data()), 8 * sizeof(float));
    const cv::Mat roi(2, 3, reinterpret_cast<u8*>(whole.ptr<float>(1) + 4), whole.step);

    const auto row_stride = static_cast<std::ptrdiff_t>(roi.step / sizeof(float));
    const lloyd::image_view<float, 1> values(roi.ptr<float>(0), roi.cols, roi.rows, row_stride);

    CHECK(values(0, 0)[0] == 1 * 8 + 4);
    CHECK(values(2, 1)[0] == 2 * 8 + 6);
    CHECK(&values(2, 1)[0] == roi.ptr<float>(1) + 2);
}

TEST_CASE("an image is what a cv::Mat can look at") {
    lloyd::image<u8, 3> picture(5, 4);
    picture(4, 3)[2] = 7;
    const auto step = static_cast<std::size_t>(picture.row_stride());
    const cv::Mat mat(static_cast<int>(picture.height()), static_cast<int>(picture.width()), picture.data(), step);
    CHECK(mat.ptr<u8>(3)[14] == 7);
}

TEST_CASE("BGR is turned round where colours have names") {
    const u8 pixels[] = {255, 0, 0, 0, 0, 255};
    const lloyd::image_view<const u8, 3> bgr(pixels, 2, 1);

    const auto rgb = lloyd::select_channels<2, 1, 0>(bgr);
    const auto gray = lloyd::rgb_to_gray(rgb);

    CHECK((gray(0, 0)[0] == 29 && gray(1, 0)[0] == 76));
    CHECK(lloyd::rgb_to_gray(bgr)(0, 0)[0] == 76);
    CHECK(lloyd::rgb_to_hsv(rgb)(0, 0)[0] == 120);
    CHECK(lloyd::rgb_to_hsv(bgr)(0, 0)[0] == 0);
}

TEST_CASE("K-Means measures the same distances whatever the order of the channels") {
    samples::dice random;
    CAPTURE(random.seed);
    const auto bgr = samples::random_image<3>(random, 9, 7);
    const auto rgb = lloyd::select_channels<2, 1, 0>(bgr);
    const double ends[] = {0, 20, 40, 255, 200, 220};
    const lloyd::image_view<const double, 3> start(ends, 2, 1);
    const auto turned = lloyd::select_channels<2, 1, 0>(start);

    const auto one = lloyd::kmeans(bgr, 2, {.initial_centers = start});
    const auto other = lloyd::kmeans(rgb, 2, {.initial_centers = turned});

    CHECK(samples::same_pixels(one.labels, other.labels));
    CHECK(one.compactness == other.compactness);
}

TEST_CASE("a column of an Eigen matrix is a point") {
    Eigen::MatrixXf matrix(2, 4);
    for (std::ptrdiff_t i = 0; i < 4; ++i) matrix(0, i) = static_cast<float>(i / 2 * 10 + i % 2), matrix(1, i) = 5;

    const auto data = lloyd::points(matrix.data(), matrix.cols(), matrix.rows());

    CHECK((data.size() == 4 && data.channels() == 2));
    CHECK((data(3, 0)[0] == 11 && data(3, 0)[1] == 5));
    CHECK(lloyd::kmeans(data, 2).compactness == 1);
}

TEST_CASE("an Eigen matrix with a point in each row is transposed first") {
    Eigen::MatrixXf matrix(4, 2);
    for (std::ptrdiff_t i = 0; i < 4; ++i) matrix(i, 0) = static_cast<float>(i), matrix(i, 1) = 5;

    Eigen::MatrixXf columns = matrix.transpose();
    const auto data = lloyd::points(columns.data(), columns.cols(), columns.rows());

    CHECK((data.size() == 4 && data(3, 0)[0] == 3 && data(3, 0)[1] == 5));
}

TEST_CASE("an Eigen matrix of gray values is a picture on its side") {
    Eigen::MatrixXf matrix(3, 5);
    matrix(1, 4) = 9;

    const lloyd::image_view<float, 1> sideways(matrix.data(), matrix.rows(), matrix.cols());

    CHECK(sideways(1, 4)[0] == matrix(1, 4));
    CHECK((sideways.width() == 3 && sideways.height() == 5));
}

TEST_CASE("a buffer of stb is a view of the channels it was asked for") {
    const auto memory = counting<u8>(5 * 4 * 4);
    const u8* data = memory.data();
    const int width = 5, height = 4, channels = 4;

    const lloyd::image_view<const u8, 4> rgba(data, width, height);
    const auto photo = lloyd::select_channels<0, 1, 2>(rgba);

    CHECK((photo(4, 3)[0] == 76 && photo(4, 3)[2] == 78));

    const lloyd::image_view<const u8> any(data, width, height, channels);

    CHECK(any(4, 3).size() == 4);
    CHECK(any(4, 3)[3] == 79);
}

TEST_CASE("planes are interleaved, or looked at one by one") {
    const std::ptrdiff_t width = 4, height = 3, plane_size = width * height;
    const auto memory = counting<float>(static_cast<std::size_t>(3 * plane_size));
    const float* planes = memory.data();

    lloyd::image<float, 3> pixels(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (std::size_t c = 0; c < 3; ++c)
                pixels(x, y)[c] = planes[static_cast<std::ptrdiff_t>(c) * plane_size + y * width + x];

    CHECK((pixels(3, 2)[0] == 11 && pixels(3, 2)[1] == 23 && pixels(3, 2)[2] == 35));

    const lloyd::image_view<const float, 1> green(planes + plane_size, width, height);

    CHECK(green(3, 2)[0] == 23);
}

/// std::mdspan of C++23, or Kokkos': rows, columns, channels.
struct mdspan {
    float* handle;
    std::ptrdiff_t extents[3], strides[3];
    float* data_handle() const { return handle; }
    std::ptrdiff_t extent(std::size_t i) const { return extents[i]; }
    std::ptrdiff_t stride(std::size_t i) const { return strides[i]; }
};

TEST_CASE("an mdspan of rows, columns and channels is a view when pixels lie side by side") {
    auto memory = counting<float>(3 * 20);
    const mdspan m{memory.data(), {3, 5, 2}, {20, 2, 1}};

    REQUIRE((m.stride(2) == 1 && m.stride(1) == m.extent(2)));
    const lloyd::image_view<float> view(m.data_handle(), m.extent(1), m.extent(0), m.extent(2), m.stride(0));

    CHECK((view.width() == 5 && view.height() == 3 && view.channels() == 2));
    CHECK(view(4, 2)[1] == 2 * 20 + 4 * 2 + 1);
}

}  // namespace
