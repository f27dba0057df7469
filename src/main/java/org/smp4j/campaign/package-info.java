/** Campaigns: work that many processes and machines share, in shards whose results merge into one report. */
package org.smp4j.campaign;
