// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks the arguments of a conversion, and runs its kernel over the rows.
#pragma once

#include <cstddef>
#include <type_traits>

#include <lloyd/detail/color/overlap.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Runs Kernel::run(from, to, pixels, more...) over every row, or once where both images are contiguous. `who` is the
/// function that refuses the arguments.
template <class Kernel, std::size_t OutChannels, class From, class To, class... More>
void convert_rows(const char* who, image_view<const From> image, image_view<To> out, const More&... more) {
    check_channels(who, image.channels(), out.channels(), OutChannels);
    const image_view<const From, 3> from(image);
    const image_view<To, OutChannels> to(out);
    check_out(who, from, to, OutChannels == 3 && std::is_same_v<From, To>);
    if (from.empty()) return;
    if (from.is_contiguous() && to.is_contiguous())
        return run_kernel<Kernel>(from.data(), to.data(), from.size(), more...);
    for (std::ptrdiff_t y = 0; y < from.height(); ++y)
        run_kernel<Kernel>(from.row(y).data(), to.row(y).data(), from.width(), more...);
}

}  // namespace lloyd::inline v0::detail
