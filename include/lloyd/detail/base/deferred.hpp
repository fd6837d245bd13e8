// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How a function costs nothing to those who include it and do not call it.
#pragma once

#include <lloyd/detail/base/open_detail.inc>

/// `template <class = deferred>` makes a template of a function that depends on no type, so that it, and every kernel
/// that it instantiates, is compiled only in sources that call it. Calls look the same; a class is written `name<>`.
///
/// Functions of the public interface have it behind their own parameters, whatever these are: as `deferred` bears the
/// flags of the unit (see open_detail.inc), so do their names.
struct deferred;

}  // namespace lloyd::inline v0::detail
