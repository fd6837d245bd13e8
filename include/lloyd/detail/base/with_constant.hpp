// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From a number known at run time to one known to the compiler, for loops that are unrolled by it.
#pragma once

#include <type_traits>

#include <lloyd/detail/base/open_detail.inc>

/// Calls use(std::integral_constant<int, C>()) with the first of the constants C that equals `number`, or with 0 where
/// none does: `with_constant<1, 2, 3>(channels, use)` compiles use for 1, 2, 3 and any number of channels.
template <int Constant, int... Others, class Number, class Use>
[[gnu::always_inline]] inline decltype(auto) with_constant(Number number, const Use& use) {
    if (number == Constant) return use(std::integral_constant<int, Constant>());
    if constexpr (sizeof...(Others) > 0)
        return with_constant<Others...>(number, use);
    else
        return use(std::integral_constant<int, 0>());
}

}  // namespace lloyd::inline v0::detail
