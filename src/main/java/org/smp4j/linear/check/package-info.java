/** The check: programs of operations are drawn and explored, and each outcome is judged by sequential runs. */
package org.smp4j.linear.check;
