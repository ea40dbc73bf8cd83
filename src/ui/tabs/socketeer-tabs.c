/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-tabs.h"

#include "skt-tab-store.h"
#include "socketeer-window-private.h"

static SktTabStore *store; /* NULL: not begun */

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint id_a = gtk_application_window_get_id (*(GtkApplicationWindow **) a);
  guint id_b = gtk_application_window_get_id (*(GtkApplicationWindow **) b);

  return id_a < id_b ? -1 : id_a > id_b;
}

/* GtkApplication has them in the order of their last use, which is not to change the file. */
static GPtrArray *
list_windows (GtkApplication *application)
{
  GPtrArray *windows = g_ptr_array_new ();

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (SOCKETEER_IS_WINDOW (l->data))
      g_ptr_array_add (windows, l->data);
  g_ptr_array_sort (windows, compare_ids);
  return windows;
}

static GPtrArray *
collect_cb (gpointer user_data)
{
  g_autoptr (GPtrArray) windows = list_windows (user_data);
  GPtrArray *saved = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_tab_window_free);

  for (guint i = 0; i < windows->len; i++)
    g_ptr_array_add (saved, _socketeer_window_dup_saved (windows->pdata[i]));
  return saved;
}

/* FALSE: not all of it could be opened. */
static gboolean
open_windows (GtkApplication *application, SktEngine *engine, GPtrArray *saved)
{
  gboolean is_whole = TRUE;
  guint n_opened = 0;

  for (guint i = 0; i < saved->len && is_whole; i++)
    {
      const SktTabWindow *window = g_ptr_array_index (saved, i);

      /* Of windows without tabs one is enough. */
      if (window->tabs->len == 0 && (n_opened > 0 || i + 1 < saved->len))
        continue;
      is_whole = _socketeer_window_open_saved (socketeer_window_new (application, engine), window);
      n_opened++;
    }
  if (n_opened == 0)
    socketeer_window_new (application, engine);
  return is_whole;
}

void
socketeer_tabs_begin (GtkApplication *application, SktEngine *engine)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "socketeer", "tabs.json", NULL);
  g_autoptr (GPtrArray) saved = NULL;
  g_autofree char *problem = NULL;
  gboolean is_whole;

  g_return_if_fail (store == NULL);

  store = skt_tab_store_new (path);
  saved = skt_tab_store_steal_windows (store);
  is_whole = open_windows (application, engine, saved);
  g_object_get (store, "problem", &problem, NULL);
  if (problem != NULL)
    _socketeer_window_say_problem (SOCKETEER_WINDOW (gtk_application_get_windows (application)->data), problem);
  /* What could not be opened (the disk may be full) is there at the next start. */
  if (is_whole)
    skt_tab_store_set_collect (store, collect_cb, application);
}

void
socketeer_tabs_changed (void)
{
  if (store != NULL)
    skt_tab_store_changed (store);
}

void
socketeer_tabs_end (void)
{
  if (store == NULL)
    return;
  skt_tab_store_changed (store); /* the size of a window does not tell */
  skt_tab_store_set_collect (store, NULL, NULL);
  g_clear_object (&store);
}
