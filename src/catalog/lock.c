/*
 * lock.c: the locks by which refreshes and changes of the catalog wait for each other.
 *
 * They are advisory locks of a class of their own. Those of pg_advisory_lock() anybody may take who may connect, and keep: nothing
 * would be refreshed any more. Locks of rows would do, too, but what is locked here is not always a row, or has none yet.
 */
#include "kpi_track.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* pg_locks.objsubid. Of SQL are 1 and 2, other extensions take small numbers. */
#define LOCK_CLASS 0x6b70

PG_FUNCTION_INFO_V1(lock_take);
PG_FUNCTION_INFO_V1(lock_try);

static uint64
hash_of(text *words, uint64 seed)
{
	return DatumGetUInt64(hash_any_extended((unsigned char *) VARDATA_ANY(words), VARSIZE_ANY_EXHDR(words), seed));
}

/*
 * Takes the lock that the arguments (kind, name) of the call say until the end of the transaction; false: somebody else has it,
 * and dont_wait was given. Only for those who may change the catalog.
 */
static bool
take(FunctionCallInfo fcinfo, bool dont_wait)
{
	Oid			catalog = get_relname_relid("kpi", get_func_namespace(fcinfo->flinfo->fn_oid));
	uint64		key;
	LOCKTAG		tag;

	if (pg_class_aclcheck(catalog, GetUserId(), ACL_INSERT) != ACLCHECK_OK)
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only who may change the catalog takes its locks, which %s may not", GetUserNameFromId(GetUserId(), false)),
				errhint("SELECT kpi.grant_access(..., 'author') lets a role define and refresh KPIs."));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("what is to be locked is null"));
	key = hash_of(PG_GETARG_TEXT_PP(1), hash_of(PG_GETARG_TEXT_PP(0), 0));
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (key >> 32), (uint32) key, LOCK_CLASS);
	return LockAcquire(&tag, ExclusiveLock, false, dont_wait) != LOCKACQUIRE_NOT_AVAIL;
}

Datum
lock_take(PG_FUNCTION_ARGS)
{
	take(fcinfo, false);
	PG_RETURN_VOID();
}

Datum
lock_try(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(take(fcinfo, true));
}
