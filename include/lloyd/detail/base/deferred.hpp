// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How to spare those who include a header what they do not call.
#pragma once

#include <lloyd/detail/base/open_detail.inc>

/// `template <class = deferred>` in front of what depends on no type: as a template it is compiled where it is called,
/// with all that it instantiates in turn, kernels for every CPU level among it. Otherwise, inline or not, every source
/// that includes it would compile all of that. At the call nothing is to be seen of it; a class is written `name<>`.
///
/// Functions of the public interface have it behind their own parameters, whatever these are: as `deferred` bears the
/// flags of the unit (see open_detail.inc), so do their names.
struct deferred;

}  // namespace lloyd::inline v0::detail
