/** Campaigns: work that processes and machines share, by a manifest, in shards whose results make one report. */
package org.smp4j.campaign;
