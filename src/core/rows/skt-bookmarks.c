/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-bookmarks.h"

#include <stdlib.h>
#include <string.h>

#define GROUP "Bookmarks"

typedef struct
{
  SktPosition position;
  char *label;
} Bookmark;

struct _SktBookmarks
{
  GObject parent_instance;
  GArray *bookmarks; /* Bookmark, sorted */
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktBookmarks, skt_bookmarks, G_TYPE_OBJECT)

static void
bookmark_clear (gpointer data)
{
  g_clear_pointer (&((Bookmark *) data)->label, g_free);
}

static GArray *
new_array (void)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (Bookmark));
  g_array_set_clear_func (array, bookmark_clear);
  return array;
}

static void
skt_bookmarks_finalize (GObject *object)
{
  g_array_unref (SKT_BOOKMARKS (object)->bookmarks);
  G_OBJECT_CLASS (skt_bookmarks_parent_class)->finalize (object);
}

static void
skt_bookmarks_class_init (SktBookmarksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = skt_bookmarks_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
skt_bookmarks_init (SktBookmarks *self)
{
  self->bookmarks = new_array ();
}

SktBookmarks *
skt_bookmarks_new (void)
{
  return g_object_new (SKT_TYPE_BOOKMARKS, NULL);
}

static Bookmark *
get (SktBookmarks *self, guint i)
{
  return &g_array_index (self->bookmarks, Bookmark, i);
}

guint
skt_bookmarks_get_n (SktBookmarks *self)
{
  g_return_val_if_fail (SKT_IS_BOOKMARKS (self), 0);
  return self->bookmarks->len;
}

SktPosition
skt_bookmarks_get (SktBookmarks *self, guint i, const char **ret_label)
{
  g_return_val_if_fail (SKT_IS_BOOKMARKS (self) && i < self->bookmarks->len, ((SktPosition){ 0, 0 }));

  if (ret_label != NULL)
    *ret_label = get (self, i)->label;
  return get (self, i)->position;
}

guint
skt_bookmarks_find (SktBookmarks *self, SktPosition position)
{
  guint low = 0, high;

  g_return_val_if_fail (SKT_IS_BOOKMARKS (self), 0);

  high = self->bookmarks->len;
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (skt_position_compare (&get (self, middle)->position, &position) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_at (SktBookmarks *self, guint i, SktPosition position)
{
  return i < self->bookmarks->len && skt_position_compare (&get (self, i)->position, &position) == 0;
}

gboolean
skt_bookmarks_add (SktBookmarks *self, SktPosition position)
{
  guint i = skt_bookmarks_find (self, position);
  Bookmark bookmark = { position, NULL };

  if (is_at (self, i, position))
    return TRUE;
  if (self->bookmarks->len >= SKT_BOOKMARKS_MAX)
    return FALSE;
  g_array_insert_val (self->bookmarks, i, bookmark);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

void
skt_bookmarks_remove (SktBookmarks *self, SktPosition position)
{
  guint i = skt_bookmarks_find (self, position);

  if (!is_at (self, i, position))
    return;
  g_array_remove_index (self->bookmarks, i);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* NULL: none. */
static char *
make_label (const char *tainted_label)
{
  g_autofree char *label = g_utf8_make_valid (tainted_label, strnlen (tainted_label, 4 * SKT_BOOKMARK_LABEL_MAX));
  gsize n = 0;

  g_strdelimit (label, "\r\n\t", ' ');
  g_strstrip (label);
  while (label[n] != '\0' && (gsize) (g_utf8_next_char (label + n) - label) <= SKT_BOOKMARK_LABEL_MAX)
    n = g_utf8_next_char (label + n) - label;
  label[n] = '\0';
  return n > 0 ? g_steal_pointer (&label) : NULL;
}

void
skt_bookmarks_set_label (SktBookmarks *self, SktPosition position, const char *label)
{
  guint i = skt_bookmarks_find (self, position);
  g_autofree char *wanted = label != NULL ? make_label (label) : NULL;

  if (!is_at (self, i, position) || g_strcmp0 (get (self, i)->label, wanted) == 0)
    return;
  g_free (get (self, i)->label);
  get (self, i)->label = g_steal_pointer (&wanted);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* -- session.ini ---------------------------------------------------------------------------------------------- */

GKeyFile *
skt_bookmarks_to_info (SktBookmarks *self)
{
  GKeyFile *info = g_key_file_new ();

  g_return_val_if_fail (SKT_IS_BOOKMARKS (self), info);

  /* There even if there are none, so that it replaces what was there. */
  g_key_file_set_uint64 (info, GROUP, "n", self->bookmarks->len);
  for (guint i = 0; i < self->bookmarks->len; i++)
    {
      const Bookmark *bookmark = get (self, i);
      g_autofree char *key = g_strdup_printf ("%u", i);
      g_autofree char *value = g_strdup_printf ("%" G_GUINT64_FORMAT ":%u %s", bookmark->position.record,
                                                bookmark->position.begin,
                                                bookmark->label != NULL ? bookmark->label : "");
      g_key_file_set_string (info, GROUP, key, value);
    }
  return info;
}

static gboolean
parse (const char *tainted_value, Bookmark *ret_bookmark)
{
  char *end;
  guint64 begin;

  if (!g_ascii_isdigit (*tainted_value))
    return FALSE;
  ret_bookmark->position.record = g_ascii_strtoull (tainted_value, &end, 10);
  if (*end != ':' || !g_ascii_isdigit (end[1]) || ret_bookmark->position.record >= G_MAXINT64)
    return FALSE;
  begin = g_ascii_strtoull (end + 1, &end, 10);
  if ((*end != ' ' && *end != '\0') || begin > G_MAXUINT32)
    return FALSE;
  ret_bookmark->position.begin = begin;
  ret_bookmark->label = make_label (end);
  return TRUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return skt_position_compare (&((const Bookmark *) a)->position, &((const Bookmark *) b)->position);
}

static gboolean
is_same (const GArray *a, const GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (compare (&g_array_index (a, Bookmark, i), &g_array_index (b, Bookmark, i)) != 0 ||
        g_strcmp0 (g_array_index (a, Bookmark, i).label, g_array_index (b, Bookmark, i).label) != 0)
      return FALSE;
  return TRUE;
}

void
skt_bookmarks_load_info (SktBookmarks *self, GKeyFile *tainted_info)
{
  GArray *before, *now;

  g_return_if_fail (SKT_IS_BOOKMARKS (self) && tainted_info != NULL);

  now = new_array ();
  for (guint i = 0; i < SKT_BOOKMARKS_MAX; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);
      g_autofree char *tainted_value = g_key_file_get_string (tainted_info, GROUP, key, NULL);
      Bookmark bookmark;

      if (tainted_value != NULL && parse (tainted_value, &bookmark))
        g_array_append_val (now, bookmark);
    }
  g_array_sort (now, compare);
  for (guint i = 1; i < now->len;)
    if (compare (&g_array_index (now, Bookmark, i - 1), &g_array_index (now, Bookmark, i)) == 0)
      g_array_remove_index (now, i);
    else
      i++;
  before = self->bookmarks;
  self->bookmarks = now;
  if (!is_same (before, now))
    g_signal_emit (self, signals[CHANGED], 0);
  g_array_unref (before);
}
