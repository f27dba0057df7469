/** Pages in HTML for what smp4j has found: self-contained files without network. */
package org.smp4j.page;
