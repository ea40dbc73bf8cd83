/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* How well a colour can be read on another: the contrast ratio of WCAG 2.1, 1 (not at all) to 21 (black on white). */
#define SOCKETEER_CONTRAST_TEXT 4.5 /* text should have so much */
#define SOCKETEER_CONTRAST_HIGH 7.0 /* where high contrast is wanted */

double socketeer_contrast_get_luminance (const GdkRGBA *color);
double socketeer_contrast_get_ratio (const GdkRGBA *a, const GdkRGBA *b);

/* The colour, or, if it has less contrast to the background, as much of the text's colour in it as is needed. */
void socketeer_contrast_adapt (const GdkRGBA *color,
                               const GdkRGBA *background,
                               const GdkRGBA *text,
                               double minimum,
                               GdkRGBA *ret_color);

G_END_DECLS
