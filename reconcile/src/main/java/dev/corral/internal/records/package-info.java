/** Records taken apart: start from {@link dev.corral.internal.records.Components}. Not API. */
@NullMarked
package dev.corral.internal.records;

import org.jspecify.annotations.NullMarked;
