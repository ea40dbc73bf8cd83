/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-connection-model.h"

#include <arpa/inet.h>
#include <string.h>

#include "socketeer-throttle.h"

/* SocketeerConnectionModel:
 *
 * Ten thousand connections and more: nothing is kept for each of them but its number in `shown`, and no signal of
 * theirs is listened to. What comes new is added as it comes. Where order or filter depend on what changes, all are
 * looked at again, at most once a second.
 *
 * The items are places, not connections: GtkListView has 200 rows at least and makes all of them anew when the order
 * of its items changes, which takes a tenth of a second. A place stays, and its row shows another connection. Only
 * those places exist that somebody holds. */

#define RENEW_MS 1000
/* What comes new at the top moves all the others. */
#define NEWEST_MS 250
/* Sorting may take about 2 % of the time, however many there are. */
#define SORTED_PER_MS 20

struct _SocketeerConnectionPlace
{
  GObject parent_instance;

  SocketeerConnectionModel *model; /* borrowed; NULL: gone */
  SktConnection *connection;       /* owned */
  guint position;
};

struct _SocketeerConnectionModel
{
  GObject parent_instance;

  /* owned */
  SktSession *session;
  char *search;                 /* NULL: all */
  GArray *shown;                /* guint32 ids, in their order */
  GHashTable *places;           /* position -> SocketeerConnectionPlace, borrowed: they take themselves out */
  GtkBitset *removed;           /* ids */
  GtkBitset *chosen;            /* ids; 0: "All" */

  SocketeerConnectionOrder order;
  SocketeerConnectionShow show;
  SocketeerThrottle throttle;
  gboolean is_held, is_stale;
};

enum
{
  CHOICE_CHANGED,
  SHOWN_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *interface);
static void selection_model_init (GtkSelectionModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SocketeerConnectionModel, socketeer_connection_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_init))

/* -- Places ---------------------------------------------------------------------------------------------------- */

enum
{
  PROP_0,
  PROP_CONNECTION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SocketeerConnectionPlace, socketeer_connection_place, G_TYPE_OBJECT)

static void
socketeer_connection_place_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_CONNECTION)
    g_value_set_object (value, SOCKETEER_CONNECTION_PLACE (object)->connection);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
socketeer_connection_place_finalize (GObject *object)
{
  SocketeerConnectionPlace *self = SOCKETEER_CONNECTION_PLACE (object);

  if (self->model != NULL)
    g_hash_table_remove (self->model->places, GUINT_TO_POINTER (self->position));
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (socketeer_connection_place_parent_class)->finalize (object);
}

static void
socketeer_connection_place_class_init (SocketeerConnectionPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = socketeer_connection_place_get_property;
  object_class->finalize = socketeer_connection_place_finalize;
  props[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, SKT_TYPE_CONNECTION,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
socketeer_connection_place_init (SocketeerConnectionPlace *self)
{
}

SktConnection *
socketeer_connection_place_get_connection (SocketeerConnectionPlace *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_PLACE (self), NULL);
  return self->connection;
}

/* -- Filter ---------------------------------------------------------------------------------------------------- */

static gboolean
is_ended (SktConnection *connection)
{
  SktState state = skt_connection_get_state (connection);

  return state == SKT_STATE_CLOSED || state == SKT_STATE_FAILED;
}

static gboolean
contains (const char *text, const char *part)
{
  return text != NULL && strcasestr (text, part) != NULL;
}

static gboolean
matches (SocketeerConnectionModel *self, guint32 id)
{
  SktConnection *connection = skt_session_get_connection (self->session, id);
  const char *end;

  if (gtk_bitset_contains (self->removed, id))
    return FALSE;
  if (self->show != SOCKETEER_SHOW_ALL && is_ended (connection) != (self->show == SOCKETEER_SHOW_ENDED))
    return FALSE;
  if (self->search == NULL || contains (skt_connection_get_remote_address (connection), self->search))
    return TRUE;
  end = skt_connection_get_end_text (connection);
  return contains (end != NULL ? end : skt_state_to_text (skt_connection_get_state (connection)), self->search);
}

/* What is shown, and where, depends on what changes. */
static gboolean
depends_on_changes (SocketeerConnectionModel *self)
{
  return self->order >= SOCKETEER_ORDER_STATE || self->show != SOCKETEER_SHOW_ALL || self->search != NULL;
}

/* -- Order ----------------------------------------------------------------------------------------------------- */

typedef struct
{
  guint64 high, low;
  guint32 last;
  guint32 id;
} SortKey;

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  const SortKey *x = a, *y = b;

  if (x->high != y->high)
    return x->high < y->high ? -1 : 1;
  if (x->low != y->low)
    return x->low < y->low ? -1 : 1;
  if (x->last != y->last)
    return x->last < y->last ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

/* As numbers: 10.0.0.9 is before 10.0.0.10; IPv4 is before IPv6. */
static void
set_address_key (SortKey *key, const char *address)
{
  guint8 native[16] = { 0, };
  char host[INET6_ADDRSTRLEN] = "";
  const char *colon = address != NULL ? strrchr (address, ':') : NULL;

  if (colon == NULL)
    return;
  key->last = (guint32) g_ascii_strtoull (colon + 1, NULL, 10);
  if (address[0] == '[')
    {
      gsize length = strcspn (address + 1, "]%");

      g_strlcpy (host, address + 1, MIN (length + 1, sizeof host));
      inet_pton (AF_INET6, host, native);
    }
  else
    {
      g_strlcpy (host, address, MIN ((gsize) (colon - address) + 1, sizeof host));
      inet_pton (AF_INET, host, native + 12);
    }
  for (guint i = 0; i < 8; i++)
    {
      key->high = key->high << 8 | native[i];
      key->low = key->low << 8 | native[8 + i];
    }
}

static SortKey
get_key (SocketeerConnectionModel *self, guint32 id)
{
  SktConnection *connection = skt_session_get_connection (self->session, id);
  SortKey key = { .id = id };

  switch (self->order)
    {
    case SOCKETEER_ORDER_NEWEST:
      key.high = G_MAXUINT32 - id;
      break;
    case SOCKETEER_ORDER_ADDRESS:
      set_address_key (&key, skt_connection_get_remote_address (connection));
      break;
    case SOCKETEER_ORDER_STATE:
      key.high = skt_connection_get_state (connection);
      break;
    case SOCKETEER_ORDER_RECEIVED:
      key.high = G_MAXUINT64 - skt_connection_get_bytes_received (connection);
      break;
    case SOCKETEER_ORDER_SENT:
      key.high = G_MAXUINT64 - skt_connection_get_bytes_sent (connection);
      break;
    case SOCKETEER_ORDER_ARRIVAL:
    case SOCKETEER_N_ORDERS:
    default:
      break;
    }
  return key;
}

static GArray *
compute_shown (SocketeerConnectionModel *self)
{
  guint n = g_list_model_get_n_items (skt_session_get_connections (self->session));
  g_autoptr (GArray) keys = g_array_sized_new (FALSE, FALSE, sizeof (SortKey), n);
  GArray *shown = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n);

  for (guint32 id = 1; id <= n; id++)
    if (matches (self, id))
      {
        SortKey key = get_key (self, id);

        g_array_append_val (keys, key);
      }
  if (self->order != SOCKETEER_ORDER_ARRIVAL)
    g_array_sort_with_data (keys, compare_keys, NULL);
  for (guint i = 0; i < keys->len; i++)
    g_array_append_val (shown, g_array_index (keys, SortKey, i).id);
  return shown;
}

/* -- What changes ---------------------------------------------------------------------------------------------- */

static guint32
get_shown (GArray *shown, guint i)
{
  return g_array_index (shown, guint32, i);
}

static SktConnection *
get_connection (SocketeerConnectionModel *self, guint position)
{
  return position == 0 ? NULL : skt_session_get_connection (self->session, get_shown (self->shown, position - 1));
}

static void
renew_place (SocketeerConnectionModel *self, SocketeerConnectionPlace *place)
{
  if (g_set_object (&place->connection, get_connection (self, place->position)))
    g_object_notify_by_pspec (G_OBJECT (place), props[PROP_CONNECTION]);
}

/* Those that are held show what is there now. */
static void
renew_places (SocketeerConnectionModel *self)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer place;

  /* who is told may let go of others */
  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &place))
    g_ptr_array_add (places, g_object_ref (place));
  for (guint i = 0; i < places->len; i++)
    {
      SocketeerConnectionPlace *held = places->pdata[i];

      if (held->position <= self->shown->len)
        renew_place (self, held);
    }
}

static void
replace_shown (SocketeerConnectionModel *self, GArray *now)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->shown);
  guint common = MIN (old->len, now->len);
  gboolean has_moved = common > 0 && memcmp (old->data, now->data, common * sizeof (guint32)) != 0;

  self->shown = now;
  if (old->len != now->len)
    g_list_model_items_changed (G_LIST_MODEL (self), 1 + common, old->len - common, now->len - common);
  if (has_moved)
    {
      renew_places (self);
      gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 1, MAX (common, 1));
    }
  if (has_moved || old->len != now->len)
    g_signal_emit (self, signals[SHOWN_CHANGED], 0);
}

static void
renew (SocketeerConnectionModel *self)
{
  self->is_stale = FALSE;
  replace_shown (self, compute_shown (self));
}

static void
renew_later (gpointer data, gpointer unused)
{
  SocketeerConnectionModel *self = data;

  if (!self->is_held && self->is_stale)
    renew (self);
}

static void
queue_renewal (SocketeerConnectionModel *self)
{
  guint n = g_list_model_get_n_items (skt_session_get_connections (self->session));
  guint interval = self->order == SOCKETEER_ORDER_NEWEST ? NEWEST_MS : RENEW_MS;

  self->is_stale = TRUE;
  if (!self->is_held)
    socketeer_throttle_queue (&self->throttle, MAX (interval, n / SORTED_PER_MS), renew_later, self);
}

static void
connections_updated_cb (SktSession *session, gpointer user_data)
{
  if (depends_on_changes (user_data))
    queue_renewal (user_data);
}

/* They come at the end, and move to where they belong when the others do. */
static void
add_new (SocketeerConnectionModel *self, guint32 first_id, guint n)
{
  guint n_before = self->shown->len;

  if (self->order == SOCKETEER_ORDER_NEWEST)
    {
      queue_renewal (self);
      return;
    }
  for (guint32 id = first_id; id < first_id + n; id++)
    if (matches (self, id))
      g_array_append_val (self->shown, id);
  if (self->shown->len == n_before)
    return;
  g_list_model_items_changed (G_LIST_MODEL (self), 1 + n_before, 0, self->shown->len - n_before);
  g_signal_emit (self, signals[SHOWN_CHANGED], 0);
  if (self->order != SOCKETEER_ORDER_ARRIVAL)
    queue_renewal (self);
}

static void
items_changed_cb (GListModel *connections, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  SocketeerConnectionModel *self = user_data;

  /* the session goes away */
  if (n_removed > 0)
    {
      guint n = self->shown->len;

      g_array_set_size (self->shown, 0);
      gtk_bitset_remove_all (self->chosen);
      gtk_bitset_add (self->chosen, 0);
      g_list_model_items_changed (G_LIST_MODEL (self), 1, n, 0);
      return;
    }
  add_new (self, position + 1, n_added);
}

/* -- List ------------------------------------------------------------------------------------------------------ */

static GType
get_item_type (GListModel *model)
{
  return SOCKETEER_TYPE_CONNECTION_PLACE;
}

static guint
get_n_items (GListModel *model)
{
  return 1 + SOCKETEER_CONNECTION_MODEL (model)->shown->len;
}

static guint32
get_id (SocketeerConnectionModel *self, guint position)
{
  return position == 0 ? 0 : get_shown (self->shown, position - 1);
}

static gpointer
get_item (GListModel *model, guint position)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (model);
  SocketeerConnectionPlace *place;

  if (position > self->shown->len)
    return NULL;
  place = g_hash_table_lookup (self->places, GUINT_TO_POINTER (position));
  if (place != NULL)
    {
      /* held since before the list was shorter */
      renew_place (self, place);
      return g_object_ref (place);
    }
  place = g_object_new (SOCKETEER_TYPE_CONNECTION_PLACE, NULL);
  place->model = self;
  place->position = position;
  g_set_object (&place->connection, get_connection (self, position));
  g_hash_table_insert (self->places, GUINT_TO_POINTER (position), place);
  return place;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

/* -- Selection ------------------------------------------------------------------------------------------------- */

/* Takes what is to be chosen. `wants_all`: "All" was asked for by itself. */
static gboolean
choose (SocketeerConnectionModel *self, GtkBitset *chosen, gboolean wants_all)
{
  if (gtk_bitset_is_empty (chosen) || wants_all)
    {
      gtk_bitset_remove_all (chosen);
      gtk_bitset_add (chosen, 0);
    }
  else if (gtk_bitset_get_size (chosen) > 1)
    gtk_bitset_remove (chosen, 0);
  if (gtk_bitset_equals (chosen, self->chosen))
    {
      gtk_bitset_unref (chosen);
      return TRUE;
    }
  gtk_bitset_unref (self->chosen);
  self->chosen = chosen;
  gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, get_n_items (G_LIST_MODEL (self)));
  g_signal_emit (self, signals[CHOICE_CHANGED], 0);
  g_signal_emit (self, signals[SHOWN_CHANGED], 0);
  return TRUE;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (model);

  return position < get_n_items (G_LIST_MODEL (self)) && gtk_bitset_contains (self->chosen, get_id (self, position));
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  GtkBitset *selected = gtk_bitset_new_empty ();

  for (guint i = 0; i < n_items; i++)
    if (is_selected (model, position + i))
      gtk_bitset_add (selected, position + i);
  return selected;
}

static GtkBitset *
begin_choice (SocketeerConnectionModel *self, gboolean unselect_rest)
{
  return unselect_rest ? gtk_bitset_new_empty () : gtk_bitset_copy (self->chosen);
}

static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (model);
  GtkBitset *chosen = begin_choice (self, unselect_rest);
  guint end = MIN (position + n_items, get_n_items (G_LIST_MODEL (self)));

  for (guint i = position; i < end; i++)
    gtk_bitset_add (chosen, get_id (self, i));
  return choose (self, chosen, position == 0 && n_items == 1);
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  return select_range (model, position, 1, unselect_rest);
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (model);
  GtkBitset *chosen = begin_choice (self, FALSE);
  guint end = MIN (position + n_items, get_n_items (G_LIST_MODEL (self)));

  for (guint i = position; i < end; i++)
    gtk_bitset_remove (chosen, get_id (self, i));
  return choose (self, chosen, FALSE);
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  return unselect_range (model, position, 1);
}

/* All are also those that come later; with a filter it is those that are found. */
static gboolean
select_all (GtkSelectionModel *model)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (model);

  if (socketeer_connection_model_is_filtered (self) && self->shown->len > 0)
    return select_range (model, 1, self->shown->len, TRUE);
  return select_range (model, 0, 1, TRUE);
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  return choose (SOCKETEER_CONNECTION_MODEL (model), gtk_bitset_new_empty (), TRUE);
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (model);
  GtkBitset *chosen = begin_choice (self, FALSE);
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position);
       more && position < get_n_items (G_LIST_MODEL (self)); more = gtk_bitset_iter_next (&iter, &position))
    {
      if (gtk_bitset_contains (selected, position))
        gtk_bitset_add (chosen, get_id (self, position));
      else
        gtk_bitset_remove (chosen, get_id (self, position));
    }
  return choose (self, chosen, FALSE);
}

static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = is_selected;
  interface->get_selection_in_range = get_selection_in_range;
  interface->select_item = select_item;
  interface->unselect_item = unselect_item;
  interface->select_range = select_range;
  interface->unselect_range = unselect_range;
  interface->select_all = select_all;
  interface->unselect_all = unselect_all;
  interface->set_selection = set_selection;
}

/* -- Public ---------------------------------------------------------------------------------------------------- */

void
socketeer_connection_model_set_order (SocketeerConnectionModel *self, SocketeerConnectionOrder order)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self));
  g_return_if_fail (order < SOCKETEER_N_ORDERS);

  self->order = order;
  renew (self);
}

void
socketeer_connection_model_set_show (SocketeerConnectionModel *self, SocketeerConnectionShow show)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self));
  g_return_if_fail (show < SOCKETEER_N_SHOWS);

  self->show = show;
  renew (self);
}

void
socketeer_connection_model_set_search (SocketeerConnectionModel *self, const char *text)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self));

  g_free (self->search);
  self->search = text != NULL && text[0] != '\0' ? g_strdup (text) : NULL;
  renew (self);
}

void
socketeer_connection_model_remove_ended (SocketeerConnectionModel *self)
{
  guint n;

  g_return_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self));

  n = g_list_model_get_n_items (skt_session_get_connections (self->session));
  for (guint32 id = 1; id <= n; id++)
    if (is_ended (skt_session_get_connection (self->session, id)))
      gtk_bitset_add (self->removed, id);
  renew (self);
}

void
socketeer_connection_model_set_held (SocketeerConnectionModel *self, gboolean held)
{
  g_return_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self));

  self->is_held = held;
  if (!held && self->is_stale)
    queue_renewal (self);
}

void
socketeer_connection_model_choose (SocketeerConnectionModel *self, SktConnection *connection)
{
  GtkBitset *chosen;

  g_return_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self));

  chosen = gtk_bitset_new_empty ();
  if (connection != NULL)
    gtk_bitset_add (chosen, skt_connection_get_id (connection));
  choose (self, chosen, FALSE);
}

gboolean
socketeer_connection_model_is_chosen (SocketeerConnectionModel *self, SktConnection *connection)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self), FALSE);
  return gtk_bitset_contains (self->chosen, connection != NULL ? skt_connection_get_id (connection) : 0);
}

guint
socketeer_connection_model_get_n_shown (SocketeerConnectionModel *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self), 0);
  return self->shown->len;
}

guint
socketeer_connection_model_get_n_chosen_hidden (SocketeerConnectionModel *self)
{
  guint n = 0;
  GtkBitsetIter iter;
  guint32 id;

  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self), 0);

  /* matches() and what is shown may differ for a second: not worth a second set */
  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->chosen, &id); more; more = gtk_bitset_iter_next (&iter, &id))
    n += id != 0 && !matches (self, id);
  return n;
}

gboolean
socketeer_connection_model_is_filtered (SocketeerConnectionModel *self)
{
  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self), FALSE);
  return self->search != NULL || self->show != SOCKETEER_SHOW_ALL;
}

GPtrArray *
socketeer_connection_model_dup_choice (SocketeerConnectionModel *self)
{
  GPtrArray *choice;
  GtkBitsetIter iter;
  guint32 id;

  g_return_val_if_fail (SOCKETEER_IS_CONNECTION_MODEL (self), NULL);

  if (gtk_bitset_contains (self->chosen, 0))
    return NULL;
  choice = g_ptr_array_new_with_free_func (g_object_unref);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->chosen, &id); more; more = gtk_bitset_iter_next (&iter, &id))
    g_ptr_array_add (choice, g_object_ref (skt_session_get_connection (self->session, id)));
  return choice;
}

static void
socketeer_connection_model_dispose (GObject *object)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (object);

  GHashTableIter iter;
  gpointer place;

  socketeer_throttle_clear (&self->throttle);
  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &place))
    ((SocketeerConnectionPlace *) place)->model = NULL;
  g_hash_table_remove_all (self->places);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (socketeer_connection_model_parent_class)->dispose (object);
}

static void
socketeer_connection_model_finalize (GObject *object)
{
  SocketeerConnectionModel *self = SOCKETEER_CONNECTION_MODEL (object);

  g_clear_pointer (&self->places, g_hash_table_unref);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->shown, g_array_unref);
  g_clear_pointer (&self->removed, gtk_bitset_unref);
  g_clear_pointer (&self->chosen, gtk_bitset_unref);

  G_OBJECT_CLASS (socketeer_connection_model_parent_class)->finalize (object);
}

static void
socketeer_connection_model_class_init (SocketeerConnectionModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = socketeer_connection_model_dispose;
  object_class->finalize = socketeer_connection_model_finalize;
  signals[CHOICE_CHANGED] = g_signal_new ("choice-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
  signals[SHOWN_CHANGED] = g_signal_new ("shown-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
socketeer_connection_model_init (SocketeerConnectionModel *self)
{
  self->places = g_hash_table_new (NULL, NULL);
  self->removed = gtk_bitset_new_empty ();
  self->chosen = gtk_bitset_new_range (0, 1);
}

SocketeerConnectionModel *
socketeer_connection_model_new (SktSession *session)
{
  SocketeerConnectionModel *self = g_object_new (SOCKETEER_TYPE_CONNECTION_MODEL, NULL);

  self->session = g_object_ref (session);
  self->shown = compute_shown (self);
  g_signal_connect_object (skt_session_get_connections (session), "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  g_signal_connect_object (session, "connections-updated", G_CALLBACK (connections_updated_cb), self, 0);
  return self;
}
