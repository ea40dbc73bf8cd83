/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-contrast.h"

#include <math.h>

static double
to_linear (double part)
{
  return part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4);
}

double
socketeer_contrast_get_luminance (const GdkRGBA *color)
{
  return 0.2126 * to_linear (color->red) + 0.7152 * to_linear (color->green) + 0.0722 * to_linear (color->blue);
}

double
socketeer_contrast_get_ratio (const GdkRGBA *a, const GdkRGBA *b)
{
  double x = socketeer_contrast_get_luminance (a), y = socketeer_contrast_get_luminance (b);

  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}

static GdkRGBA
mix (const GdkRGBA *a, const GdkRGBA *b, float part)
{
  return (GdkRGBA){ a->red + (b->red - a->red) * part, a->green + (b->green - a->green) * part,
                    a->blue + (b->blue - a->blue) * part, 1 };
}

void
socketeer_contrast_adapt (const GdkRGBA *color,
                          const GdkRGBA *background,
                          const GdkRGBA *text,
                          double minimum,
                          GdkRGBA *ret_color)
{
  GdkRGBA from = *color;

  from.alpha = 1;
  for (guint i = 0; i <= 20; i++)
    {
      *ret_color = mix (&from, text, i / 20.0f);
      if (socketeer_contrast_get_ratio (ret_color, background) >= minimum)
        return;
    }
}
